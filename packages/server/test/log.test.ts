import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";

const LOG = new URL("../src/log.ts", import.meta.url).href;

/** What the operator's log writes to standard error. */
function logged(text: string) {
  const script = `import { createLog } from ${JSON.stringify(LOG)}; createLog("t").info({ text: ${JSON.stringify(text)} }, ${JSON.stringify(text)});`;
  return spawnSync(process.execPath, ["--input-type=module", "-e", script], { encoding: "utf8" });
}

describe("the operator's log", () => {
  it.each(["a\nb", "\u001b[31m", "\u009b31m", "\u202e", "\u2028", "\u200b", "\u{1f600}", '"}\n{"level":60', "\u007f"])(
    "writes %j on one line of plain ASCII, and loses nothing",
    (text) => {
      const { stdout, stderr } = logged(text);
      expect(stdout).toBe("");
      expect(stderr).toMatch(/^[\x20-\x7e]+\n$/);
      expect(JSON.parse(stderr)).toMatchObject({ text, msg: text });
    },
  );
});
