/** Which private addresses a host's name may lead to. `allow`: private (RFC 1918, ULA, CGNAT) and loopback. A list: exactly these CIDR ranges. */
export type PrivateAddresses = "refuse" | "allow" | readonly string[];

/** A host that may be asked, and nothing beside it. */
export interface HostRule {
  /**
   * `api.example.com`: that name. `*.example.com`: every name below it, and not itself. An address: exactly that one, however it is spelt;
   * a private one may be named like this, and needs nothing else. `localhost` likewise opens loopback.
   * Refused: a bare `*`, a suffix rule over a public suffix (`*.com`, `*.co.uk`, `*.github.io`).
   */
  readonly host: string;
  /** Default: 443 for https, 80 for http. */
  readonly ports?: readonly number[];
  /** Default: `["https"]`. */
  readonly schemes?: readonly ("https" | "http")[];
  /** Default: `refuse`. */
  readonly privateAddresses?: PrivateAddresses;
}
