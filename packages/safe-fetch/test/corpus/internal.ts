/** Where nobody outside has any business, one of each kind. */
export const INTERNAL_IPV4: readonly string[] = [
  ...["127.0.0.1", "127.0.0.2", "10.0.0.1", "172.16.0.1", "192.168.1.1", "100.64.0.1", "0.0.0.0"],
  ...["169.254.169.254", "169.254.170.2", "100.100.100.200", "168.63.129.16", "192.0.0.192"],
];

export const INTERNAL_IPV6: readonly string[] = [
  ...["::1", "0:0:0:0:0:0:0:1", "0000::0001", "::", "::2", "fe80::1", "febf::1", "fec0::1", "fc00::1", "fd12:3456::1"],
  ...["fd00:ec2::254", "fd00:ec2::23", "fd20:ce::254", "fd00:42::42", "fe80::a9fe:a9fe", "fd00:c1::a9fe:a9fe"],
  ...["ff02::1", "ff0e::1", "100::1", "100:0:0:1::1", "1::1", "4000::1", "5f00::1", "e000::1"],
  ...["2001:db8::1", "3fff::1", "2001:2::1", "2001:10::1", "2001:20::1", "3ffe::1", "2620:4f:8000::1"],
];

/** Names under which clouds, containers and machines give out what is theirs. */
export const INTERNAL_NAMES: readonly string[] = [
  ...["metadata.google.internal", "metadata.goog", "metadata", "instance-data", "instance-data.ec2.internal"],
  ...["metadata.azure.internal", "metadata.azure.com", "100-100-100-200.internal", "metadata.tencentyun.com"],
  ...["metadata.packet.net", "metadata.platformequinix.com", "api.metadata.cloud.ibm.com", "metadata.oraclecloud.com"],
  ...["metadata.digitalocean.com", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local", "kubernetes"],
  ...["host.docker.internal", "gateway.docker.internal", "host.containers.internal", "rancher-metadata", "consul"],
  ...["localhost", "localhost.", "LOCALHOST", "localhost.localdomain", "ip6-localhost", "ip6-loopback", "a.localhost"],
  ...["loc%61lhost", "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ", "ｌｏｃａｌｈｏｓｔ", "local\u00adhost", "lo\tcalhost", "𝓁ocalhost", "ⅼocalhost"],
  ...["127.0.0.1.nip.io", "localtest.me", "lvh.me", "127-0-0-1.sslip.io", "spoofed.burpcollaborator.net"],
];

/** Hosts that look like `allowed.test`, or have it within. */
export const TWINS: readonly string[] = [
  ...["allowed.test.", "allowed.test..", ".allowed.test", "allowed.test.evil.test", "evilallowed.test", "allowed-test"],
  ...["xallowed.test", "sub.allowed.test", "allowed.tes", "allowed.testt", "allowed.test%2eevil.test", "allowed..test"],
  ...[
    "аllowed.test",
    "allоwed.test",
    "allowеd.test",
    "ɑllowed.test",
    "alloωed.test",
    "allowed.tеst",
    "allow\u0435d.test",
  ],
  ...["allowed\u0307.test", "al\u0131owed.test", "aIlowed.test", "xn--llowed-2of.test", "allowed.test%00.evil.test"],
  ...["allowed_test", "allowed,test", "allowed.test,evil.test", "allowed.test;evil.test", "allowed%E3%80%82evil.test"],
];
