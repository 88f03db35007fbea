import { existsSync, readdirSync, watch } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { cli, type Ended, FILES_ONLY, tempFolder } from "../support/cli.ts";
import { fakeVendor } from "../support/vendor.ts";

/** Large enough that the signal comes while files are written: it is sent when the stage appears. */
const BYTES = 16 * 1024 * 1024;

async function interrupted(parent: string, signal: NodeJS.Signals, args: readonly string[] = []): Promise<Ended> {
  const vendor = fakeVendor(BYTES);
  return cli(["project", ...FILES_ONLY, "--vendor", vendor, ...args], {
    cwd: parent,
    onStart: (child) => {
      const watcher = watch(parent, (_, name) => {
        if (!name?.startsWith(".create-hardened-mcp-")) return;
        watcher.close();
        child.kill(signal);
      });
    },
  });
}

test.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
  ["SIGHUP", 129],
  ["SIGQUIT", 131],
] as const)("%s while the files are written leaves nothing", async (signal, code) => {
  const parent = tempFolder();
  const ended = await interrupted(parent, signal);
  expect(ended).toMatchObject({ code, out: "" });
  expect(ended.err).toContain(`Interrupted by ${signal}`);
  expect(readdirSync(parent)).toEqual([]);
});

test("killed outright, it leaves a hidden stage that only its owner can enter, and no half project; the next run succeeds", async () => {
  const parent = tempFolder();
  await interrupted(parent, "SIGKILL");
  expect(existsSync(join(parent, "project"))).toBe(false);
  expect(readdirSync(parent)).toEqual([expect.stringMatching(/^\.create-hardened-mcp-/)]);
  expect((await cli(["project", ...FILES_ONLY], { cwd: parent })).code).toBe(0);
});
