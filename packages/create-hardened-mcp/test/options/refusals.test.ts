import { describe, expect, test } from "vitest";
import { parseFlags } from "../../src/options/flags.ts";
import { REFUSALS } from "../../src/options/refusals.ts";
import { resolveProject } from "../../src/options/resolve.ts";

const resolve = (line: string) => resolveProject(parseFlags(["project", ...line.split(" ")]), {});

/** Each refusal at least once: its words, and that the flags it names are accepted. */
const REFUSED: readonly (readonly [line: string, message: string, instead: string])[] = [
  ["--auth jwt", "--transport stdio has none", "--auth jwt --transport http"],
  ["--host 127.0.0.1", "--transport stdio binds nothing", "--host 127.0.0.1 --transport both"],
  [
    "--transport http --auth none --host 0.0.0.0",
    "Other machines can reach 0.0.0.0",
    "--transport http --auth api-key --host 0.0.0.0",
  ],
  ["--transport both --auth none --host ::", "Other machines can reach ::", "--transport both --auth none --host ::1"],
  [
    "--transport http --auth none --host localhost.evil.com",
    "Other machines",
    "--transport http --auth none --host localhost",
  ],
  [
    "--transport http --auth none --host 127.evil.com",
    "Other machines",
    "--transport http --auth none --host 127.1.2.3",
  ],
  ["--transport http --host http://x", "is no address", "--transport http --host x"],
  [
    "--transport http --issuer https://a.example",
    "--issuer is for tokens",
    "--transport http --auth oauth --issuer https://a.example",
  ],
  [
    "--transport http --auth jwt --issuer http://a.example",
    "is no https URL",
    "--transport http --auth jwt --issuer https://a.example",
  ],
  [
    "--public-url https://a.example/mcp",
    "only this machine does",
    "--transport http --public-url https://a.example/mcp",
  ],
  [
    "--transport http --public-url http://a.example/mcp",
    "is no https URL",
    "--transport http --public-url https://a.example:8443/mcp",
  ],
  ...[
    "https://u@a.example/mcp",
    "https:a.example/mcp",
    "https://a.example\\mcp",
    "https://a.example/x/../mcp",
    "https://a.example/mcp?",
    "https://a.example/mcp#",
    "https://$(id)/mcp",
    "https://a.example/mcp\u001b",
  ].map(
    (url) =>
      [
        `--transport http --public-url ${url}`,
        "is no https URL",
        "--transport http --public-url https://a.example/mcp",
      ] as const,
  ),
  [
    "--transport http --public-url https://u:p@a.example/mcp",
    "is no https URL",
    "--transport http --auth oauth --public-url https://a.example/mcp",
  ],
  [
    "--transport http --public-url https://a.example/",
    "must end in /mcp",
    "--transport http --auth jwt --public-url https://a.example/mcp",
  ],
];

describe("what is unsafe or contradicts itself is refused, with the flag to add", () => {
  test.each(REFUSED)("%s", (line, message, instead) => {
    expect(() => resolve(line)).toThrow(message);
    expect(() => resolve(instead)).not.toThrow();
  });

  test("no refusal is without its test", () => {
    const seen = new Set(
      REFUSED.map(([line]) => {
        const flags = parseFlags(line.split(" "));
        const transport = flags.transport ?? "stdio";
        const auth = flags.auth ?? (transport === "stdio" ? "none" : "api-key");
        const project = { transport, auth, host: flags.host ?? "127.0.0.1" } as never;
        return REFUSALS.findIndex(({ when }) => when(project, flags));
      }),
    );
    expect([...seen].sort()).toEqual(REFUSALS.map((_, index) => index));
  });
});

describe("what is not said", () => {
  test("is stdio, without callers; over HTTP every caller needs a key", () => {
    expect(resolve("--yes")).toMatchObject({ template: "minimal", transport: "stdio", auth: "none", state: "sqlite" });
    expect(resolve("--transport http")).toMatchObject({ auth: "api-key", host: "127.0.0.1" });
  });

  test.each([
    ["pnpm/12.21.0 npm/? node/v24", "pnpm"],
    ["yarn/4.18.1 npm/? node/v24", "yarn"],
    ["bun/1.4.5", "bun"],
    ["npm/11.0.0 node/v24", "npm"],
    ["evil;rm/1", "npm"],
    ["", "npm"],
  ])("is the package manager that runs it: %j", (agent, pm) => {
    expect(resolveProject({}, { npm_config_user_agent: agent }).pm).toBe(pm);
  });
});
