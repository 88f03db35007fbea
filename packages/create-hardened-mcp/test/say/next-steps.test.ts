import { describe, expect, test } from "vitest";
import type { Flags } from "../../src/options/flags.ts";
import { nextSteps } from "../../src/say/next-steps.ts";
import { shellWord } from "../../src/say/shell-word.ts";
import { projectOf } from "../support/project.ts";

const stepsOf = (flags: Flags, isInstalled = true) => nextSteps(projectOf(flags) as never, isInstalled);

describe("how to go on", () => {
  test("over HTTP with a key, the key is read from its file and stands in no command", () => {
    const { start, connect, off } = stepsOf({ transport: "http", pm: "pnpm" }, false);
    expect(start).toMatch(/&& pnpm install && pnpm run build && pnpm run start$/);
    expect(connect).toBe(
      'claude mcp add --transport http shop http://127.0.0.1:3000/mcp --header "Authorization: Bearer $(cat /nowhere/shop/secrets/api-key)"',
    );
    expect(off).toContain("other machines");
  });

  test("where others reach it, by the address that they have", () => {
    const flags = { transport: "http", auth: "oauth", host: "0.0.0.0", publicUrl: "https://a.example/mcp" } as const;
    const { connect, off } = stepsOf(flags);
    expect(connect).toBe("claude mcp add --transport http shop https://a.example/mcp");
    expect(off).toContain("sign-in, until server.config.json names your issuer");
    expect(off).not.toContain("other machines");
    expect(stepsOf({ ...flags, issuer: "https://login.example.com" }).off).toContain("sign-in, until");
    expect(stepsOf({ ...flags, issuer: "https://login.a.example" }).off).not.toContain("sign-in");
  });

  test.each([
    ["postgres", "PostgreSQL running, its URL in secrets/state-url"],
    ["redis", "Redis or Valkey running, its URL in secrets/state-url"],
    ["sqlite", undefined],
  ] as const)("with state in %s it is said what must run", (state, needs) => {
    expect(stepsOf({ state }).needs).toBe(needs);
  });

  test("over both, a client on this machine starts it", () => {
    expect(stepsOf({ transport: "both" }).connect).toBe("claude mcp add shop -- node /nowhere/shop/dist/cli.js");
  });

  test.each(["-x", "-", "--"])("a folder called %s is one for cd, and no flag", (name) => {
    const { start } = nextSteps(projectOf({ dir: name, name: "shop" }) as never, true);
    expect(start).toBe(`cd ./${name} && npm run build`);
  });

  test("without auth over HTTP nobody is promised that a flag lets them write", () => {
    expect(stepsOf({ transport: "http", auth: "none" }).off).not.toContain("--allow-write");
  });
});

test.each([
  ["/a/b-c_d.e", "/a/b-c_d.e"],
  ["a b", "'a b'"],
  ["it's", "'it'\\''s'"],
  ["$(reboot)", "'$(reboot)'"],
  ["-rf", "'-rf'"],
  ["", "''"],
])("%j is one word of a shell", (text, word) => {
  expect(shellWord(text)).toBe(word);
});
