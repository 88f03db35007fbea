import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { checkpointFile, linesOf, notesOf, segmentFile } from "../../../audit/test/support/build-log.ts";
import { cli } from "../support/cli.ts";
import { fileOf, OWNER_KEY, signedLog, THIEF_KEY } from "../support/logs.ts";
import { run } from "../support/run.ts";

test("a proof of one command is checked by the other, without the log", async () => {
  const dir = signedLog();
  const { code, out } = await run("audit", "prove", dir, "7", "--pub", OWNER_KEY, "--json");
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({
    format: "hardened-mcp audit proof v1",
    seq: 7,
    record: linesOf(dir)[7],
    keys: [OWNER_KEY],
  });
  const file = fileOf(out);
  const good = await run("audit", "check-proof", file, "--pub", OWNER_KEY);
  expect(good.out).toMatch(
    /^proved: record 7 is in log test\/A+, in the tree of 42 records, which continues that of 11\n$/,
  );
  expect(good.code).toBe(0);
  expect(JSON.parse((await run("audit", "check-proof", file, "--pub", OWNER_KEY, "--json")).out)).toMatchObject({
    good: true,
  });
  const thief = await run("audit", "check-proof", file, "--pub", THIEF_KEY);
  expect(thief).toMatchObject({
    code: 1,
    out: "not proved: the newest checkpoint is signed by none of the keys that were given\n",
  });
  const changed = await run("audit", "check-proof", fileOf(out.replace("u-1", "u-2")), "--pub", OWNER_KEY);
  expect(changed).toMatchObject({ code: 1, out: expect.stringContaining("the record was changed") });
  expect((await run("audit", "check-proof", fileOf("x"), "--pub", OWNER_KEY)).code).toBe(1);
});

test("a proof goes from the binary to the binary through a pipe", async () => {
  const proof = await cli(["audit", "prove", signedLog(), "0", "--json"]);
  expect(await cli(["audit", "check-proof", "-", "--pub", OWNER_KEY], { input: proof.out })).toMatchObject({
    code: 0,
    err: "",
  });
});

test("the readable form holds a C2SP tlog-proof", async () => {
  const { out } = await run("audit", "prove", signedLog(), "7");
  expect(out).toMatch(
    /\nc2sp\.org\/tlog-proof@v1\nindex 7\n([\w+/]{43}=\n){6}\ntest\/A+\n42\n[\w+/]{43}=\n\n\u2014 key-1 [\w+/=]+\n/,
  );
});

test("begins at a checkpoint that was kept elsewhere", async () => {
  const dir = signedLog();
  const from = fileOf(notesOf(dir, checkpointFile(0))[1]!);
  const { out } = await run("audit", "prove", dir, "35", "--from", from, "--json");
  const check = await run("audit", "check-proof", fileOf(out), "--pub", OWNER_KEY);
  expect(check.out).toContain("in the tree of 42 records, which continues that of 11");
});

test.each([
  ["99", "no checkpoint speaks of record 99 yet"],
  ["7", "the log is tampered, and proves nothing: record 3"],
])("record %s is not proved: exit 1", async (seq, message) => {
  const dir = signedLog();
  const file = join(dir, segmentFile(0));
  if (seq === "7")
    writeFileSync(
      file,
      readFileSync(file, "latin1").replace('"r1","actor":{"issuer":"https', '"r1","actor":{"issuer":"httpx'),
    );
  const { code, err, out } = await run("audit", "prove", dir, seq);
  expect(err).toContain(`not proved: `);
  expect(err).toContain(message);
  expect({ code, out }).toEqual({ code: 1, out: "" });
});

test.each([
  [["audit", "prove", "x"], "name one folder and the number of one record"],
  [["audit", "prove", "x", "one"], "a record is named by its number"],
  [["audit", "prove", "x", "1", "2"], "name one folder and the number of one record"],
  [["audit", "check-proof"], "name one file"],
  [["audit", "check-proof", "x"], "--pub is needed: a proof cannot vouch for its own key"],
])("%j is a usage error", async (argv, message) => {
  const { code, err } = await run(...argv);
  expect(err).toContain(message);
  expect(code).toBe(64);
});
