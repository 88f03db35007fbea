import type { Lie } from "./lie.ts";
import { honest } from "./wire.ts";

type Target = (stage: Parameters<Lie["tell"]>[2]) => string;
const elsewhere: Target = ({ elsewhere }) => `${elsewhere}/stolen`;

/** Where answers send a client that believes them. Nothing of these may be followed to another origin. */
const TARGETS: readonly (readonly [name: string, status: number, to: Target])[] = [
  ["redirect-301", 301, elsewhere],
  ["redirect-302", 302, elsewhere],
  ["redirect-303", 303, elsewhere],
  ["redirect-307", 307, elsewhere],
  ["redirect-308", 308, elsewhere],
  ["redirect-300", 300, elsewhere],
  ["redirect-schemeless", 302, ({ elsewhere }) => `//${new URL(elsewhere).host}/stolen`],
  ["redirect-backslashes", 302, ({ elsewhere }) => `\\\\${new URL(elsewhere).host}\\stolen`],
  ["redirect-slash-backslash", 302, ({ elsewhere }) => `/\\${new URL(elsewhere).host}/stolen`],
  ["redirect-tab-in-scheme", 302, ({ elsewhere }) => `ht\ttp://${new URL(elsewhere).host}/stolen`],
  [
    "redirect-userinfo",
    302,
    ({ origin, elsewhere }) => `http://${new URL(origin).host}@${new URL(elsewhere).host}/stolen`,
  ],
  ["redirect-literal-decimal", 302, ({ elsewhere }) => `http://2130706434:${new URL(elsewhere).port}/stolen`],
  ["redirect-literal-hex", 302, ({ elsewhere }) => `http://0x7f.2:${new URL(elsewhere).port}/stolen`],
  ["redirect-literal-mapped", 302, ({ elsewhere }) => `http://[::ffff:7f00:2]:${new URL(elsewhere).port}/stolen`],
  ["redirect-metadata", 302, () => "http://169.254.169.254/latest/meta-data/"],
  ["redirect-file", 302, () => "file:///etc/passwd"],
  ["redirect-data", 302, () => 'data:application/json,{"mark":"word-of-the-liar"}'],
  ["redirect-javascript", 302, () => "javascript:alert(1)"],
  ["redirect-climbing", 302, () => "../../admin"],
  ["redirect-climbing-encoded", 302, () => "/%2e%2e/%2e%2e/admin"],
  ["redirect-to-nothing", 302, () => ""],
  ["redirect-to-rubbish", 302, () => "http://[/"],
  ["redirect-loop", 302, ({ origin }) => `${origin}/redirect-loop`],
];

export const REDIRECT_LIES: readonly Lie[] = [
  ...TARGETS.map(
    ([name, status, to]): Lie => ({
      name,
      outcome: "fails",
      tell: (socket, _request, stage) => honest(socket, "", [`location: ${to(stage)}`], `${status} Elsewhere`),
    }),
  ),
  {
    // Each hop is a new address, so a list of those seen does not end it.
    name: "redirect-endless",
    outcome: "fails",
    tell: (socket, { target }, { origin }) =>
      honest(
        socket,
        "",
        [`location: ${origin}/redirect-endless?${target.length}${"0".repeat(target.length % 50)}`],
        "302 On",
      ),
  },
  {
    name: "redirect-twice-said",
    outcome: "fails",
    tell: (socket, _request, { origin, elsewhere }) =>
      honest(socket, "", [`location: ${origin}/harmless`, `location: ${elsewhere}/stolen`], "302 Both"),
  },
  {
    name: "refresh-header",
    outcome: "answers",
    tell: (socket, _request, { elsewhere }) => honest(socket, "{}", [`refresh: 0; url=${elsewhere}/stolen`]),
  },
  {
    name: "alt-svc",
    outcome: "answers",
    tell: (socket, _request, { elsewhere }) =>
      honest(socket, "{}", [`alt-svc: h2="${new URL(elsewhere).host}"; ma=86400; persist=1`]),
  },
];
