import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { CAN_BE_OTHERS, SETPRIV } from "../../../test/support/other-user.ts";
import { localPrincipal, loopbackPrincipal } from "../src/principal.ts";

describe("who is on this machine", () => {
  it.each([
    ["on stdio", localPrincipal],
    ["on loopback", loopbackPrincipal],
  ])("cannot be given more by a handler (%s): one principal serves every call", (_, make) => {
    const { scopes, roles } = make({ scopes: ["a"], roles: ["r"] });
    expect(() => (scopes as Set<string>).add("admin")).toThrow(TypeError);
    expect(() => (scopes as Set<string>).delete("a")).toThrow(TypeError);
    expect(() => (roles as string[]).push("admin")).toThrow(TypeError);
    expect([...scopes, ...roles]).toEqual(["a", "r"]);
  });

  // As `docker run --user` starts it: the image has no name for the number.
  it.runIf(CAN_BE_OTHERS)("is a number where the number has no name", () => {
    const module = new URL("../src/principal.ts", import.meta.url).href;
    const code = `import { localPrincipal } from ${JSON.stringify(module)}; process.stdout.write(localPrincipal({ scopes: [] }).subject);`;
    const as = ["--reuid=54321", "--regid=54321", "--clear-groups", "--", process.execPath, "--input-type=module"];
    expect(spawnSync(SETPRIV, [...as, "--eval", code], { encoding: "utf8" })).toMatchObject({
      status: 0,
      stdout: "uid:54321",
    });
  });
});
