import { expect, test } from "vitest";
import { run } from "./support/run.ts";

test.each([
  [["audit", "verfy", "x"], "unknown command audit verfy; did you mean audit verify?"],
  [["audit"], "did you mean audit verify?"],
  [["audit", "verify", "--ancor", "1:x", "x"], "unknown flag --ancor; did you mean --anchor?"],
  [["audit", "verify", "x", "--anchor"], "--anchor needs a value"],
  [["audit", "verify", "--anchor", "--json", "x"], "--anchor needs a value"],
  [["audit", "verify", "--anchor", "1:x", "x"], "an anchor is SEQ:HASH"],
  [["audit", "verify", "--anchor="], "name one folder"],
  [["audit", "verify", "x", "--anchor="], "an anchor is SEQ:HASH"],
  [["audit", "verify", "--json=no", "x"], "--json takes no value"],
  [["audit", "verify", "--no-json", "x"], "unknown flag --no-json"],
  [["audit", "verify", "--__proto__", "x"], "unknown flag --__proto__"],
  [["audit", "verify"], "name one folder"],
  [["audit", "verify", ""], "name one folder"],
  [["audit", "verify", "a", "b"], "name one folder"],
  [["--verison"], "did you mean --version?"],
  [["\u001b[2J"], "unknown command \\u{1b}[2J"],
])("%j is a usage error that helps", async (argv, message) => {
  const { code, out, err } = await run(...argv);
  expect(err).toContain(message);
  expect(code).toBe(64);
  expect(out).toBe("");
});

test("--help, --version, and no words at all", async () => {
  expect(await run("--help")).toMatchObject({ code: 0, out: expect.stringContaining("audit verify DIR") });
  expect(await run("audit", "verify", "--help")).toMatchObject({ code: 0, out: expect.stringContaining("2 shorter") });
  const { code, out } = await run("switches", "--help");
  expect(out.match(/^ {2}\w.*$/gm)?.slice(0, -1)).toHaveLength(3);
  expect(code).toBe(0);
  expect((await run("--version")).out).toMatch(/^\d+\.\d+\.\d+\n$/);
  expect((await run()).code).toBe(64);
});
