/** What an address is for. `embedded`: an IPv6 address that stands for an IPv4 one. `invalid`: no address, or not in its plain spelling. */
export type AddressKind =
  | "public"
  | "private"
  | "shared"
  | "loopback"
  | "link_local"
  | "metadata"
  | "multicast"
  | "reserved"
  | "embedded"
  | "invalid";

/**
 * IANA IPv4 and IPv6 Special-Purpose Address Registries (RFC 6890 and what came after), and what clouds answer on. The first row that fits
 * counts. What fits none is public in IPv4, and in IPv6 within 2000::/3 only: the rest is not given out (RFC 4291, section 2.4).
 */
export const SPECIAL_RANGES: readonly (readonly [range: string, kind: AddressKind, what: string])[] = [
  // Services of a cloud for its machines: credentials are read here.
  ["169.254.169.254", "metadata", "AWS, Azure, GCP, Oracle, DigitalOcean, OpenStack and others"],
  ["169.254.170.0/24", "metadata", "AWS: credentials of ECS tasks and EKS pods"],
  ["169.254.0.23", "metadata", "Tencent Cloud"],
  ["168.63.129.16", "metadata", "Azure: wire server, within public space"],
  ["100.100.100.200", "metadata", "Alibaba Cloud, within shared space"],
  ["192.0.0.192", "metadata", "Oracle Cloud, classic"],
  ["fd00:ec2::/32", "metadata", "AWS over IPv6"],
  ["fd20:ce::254", "metadata", "GCP over IPv6"],
  ["fd00:42::42", "metadata", "Scaleway over IPv6"],
  ["fd00:c1::a9fe:a9fe", "metadata", "Oracle Cloud over IPv6"],
  ["fd00:a9fe:a9fe::/64", "metadata", "Akamai over IPv6"],
  ["fe80::a9fe:a9fe", "metadata", "OpenStack over IPv6"],

  ["0.0.0.0/8", "reserved", "this network (RFC 791); 0.0.0.0 connects to this machine"],
  ["10.0.0.0/8", "private", "RFC 1918"],
  ["100.64.0.0/10", "shared", "carrier-grade NAT (RFC 6598)"],
  ["127.0.0.0/8", "loopback", "RFC 1122"],
  ["169.254.0.0/16", "link_local", "RFC 3927"],
  ["172.16.0.0/12", "private", "RFC 1918"],
  ["192.0.0.0/24", "reserved", "IETF protocol assignments (RFC 6890)"],
  ["192.0.2.0/24", "reserved", "documentation (RFC 5737)"],
  ["192.31.196.0/24", "reserved", "AS112 (RFC 7535)"],
  ["192.52.193.0/24", "reserved", "AMT (RFC 7450)"],
  ["192.88.99.0/24", "reserved", "6to4 relays (RFC 7526)"],
  ["192.168.0.0/16", "private", "RFC 1918"],
  ["192.175.48.0/24", "reserved", "AS112 (RFC 7534)"],
  ["198.18.0.0/15", "reserved", "benchmarks (RFC 2544)"],
  ["198.51.100.0/24", "reserved", "documentation (RFC 5737)"],
  ["203.0.113.0/24", "reserved", "documentation (RFC 5737)"],
  ["224.0.0.0/4", "multicast", "RFC 5771"],
  ["240.0.0.0/4", "reserved", "RFC 1112; broadcast (RFC 919)"],

  ["::", "reserved", "unspecified; connects to this machine"],
  ["::1", "loopback", "RFC 4291"],
  ["::/96", "embedded", "IPv4-compatible (RFC 4291, deprecated)"],
  ["::ffff:0:0/96", "embedded", "IPv4-mapped (RFC 4291)"],
  ["::ffff:0:0:0/96", "embedded", "IPv4-translated (RFC 2765)"],
  ["64:ff9b::/96", "embedded", "NAT64 (RFC 6052)"],
  ["64:ff9b:1::/48", "embedded", "local NAT64 (RFC 8215)"],
  ["2001::/32", "embedded", "Teredo (RFC 4380)"],
  ["2001::/23", "reserved", "IETF protocol assignments (RFC 2928)"],
  ["2001:db8::/32", "reserved", "documentation (RFC 3849)"],
  ["2002::/16", "embedded", "6to4 (RFC 3056)"],
  ["2620:4f:8000::/48", "reserved", "AS112 (RFC 7534)"],
  ["3ffe::/16", "reserved", "6bone, given back (RFC 3701)"],
  ["3fff::/20", "reserved", "documentation (RFC 9637)"],
  ["100::/64", "reserved", "discard (RFC 6666)"],
  ["100:0:0:1::/64", "reserved", "dummy prefix (RFC 9780)"],
  ["fc00::/7", "private", "unique local (RFC 4193)"],
  ["fe80::/10", "link_local", "RFC 4291"],
  ["fec0::/10", "reserved", "site-local (RFC 3879, deprecated)"],
  ["ff00::/8", "multicast", "RFC 4291"],
];
