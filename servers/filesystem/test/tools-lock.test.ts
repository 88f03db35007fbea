import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { type TestFolder, testFolder } from "./support/folder.ts";
import { CLI } from "./support/session.ts";

/** Runs the command beside the served folder; `input` is what a client would send. */
function run(folder: TestFolder, argv: readonly string[], input = "") {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, "--audit-dir", folder.audit, ...argv], {
    cwd: folder.path,
    encoding: "utf8",
    input,
    env: { PATH: process.env["PATH"], HOME: folder.path },
  });
  return { status, stdout, stderr };
}

const LIST = `${JSON.stringify({
  jsonrpc: "2.0",
  id: 1,
  method: "initialize",
  params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "test", version: "1" } },
})}\n`;

function records(folder: TestFolder): readonly { readonly type: string; readonly detail?: Record<string, unknown> }[] {
  const slot = join(folder.audit, "0");
  return readdirSync(slot)
    .filter((name) => name.endsWith(".jsonl"))
    .flatMap((name) => readFileSync(join(slot, name), "utf8").trim().split("\n"))
    .map((line) => JSON.parse(line));
}

/** Written once, since a process takes longer than what is tested of it. */
let written = "";
beforeAll(() => {
  using folder = testFolder();
  const { status, stdout } = run(folder, ["--write-tools-lock"]);
  expect([status, stdout]).toEqual([
    0,
    expect.stringContaining("tools.lock.json is new: 11 tools, 0 prompts, 1 resource"),
  ]);
  written = readFileSync(join(folder.path, "tools.lock.json"), "utf8");
});

/** A folder with a lock, in which one tool is another than what is offered. */
function withChangedLock(): TestFolder {
  const folder = testFolder();
  const lock = JSON.parse(written) as { tools: Record<string, Record<string, string>> };
  Object.assign(lock.tools["read_text_file"] ?? {}, { definition: "A".repeat(43), description: "B".repeat(43) });
  folder.writeOutside("tools.lock.json", JSON.stringify(lock));
  return folder;
}

describe("the command and its lock", () => {
  it("starts with it, whatever directories are served, and finds it equal", () => {
    using folder = testFolder();
    folder.writeOutside("tools.lock.json", written);
    const { status, stdout } = run(folder, ["--tools-lock", "tools.lock.json", "root"], LIST);
    expect(status).toBe(0);
    expect(stdout).toContain('"serverInfo"');
    expect(records(folder).map(({ detail }) => detail)).toContainEqual(
      expect.objectContaining({ what: "tools.lock", outcome: "accepted", definitions: 12 }),
    );
    expect(run(folder, ["--check-tools-lock"])).toMatchObject({ status: 0, stderr: "" });
  });

  it("answers nobody where a tool is not what was reviewed: exit 78, the difference named, the refusal on record", () => {
    using folder = withChangedLock();
    const { status, stdout, stderr } = run(folder, ["--tools-lock", "tools.lock.json", "root"], LIST);
    expect([status, stdout]).toEqual([78, ""]);
    expect(stderr).toContain("\n- tool read_text_file: description changed\n");
    const types = records(folder).map(({ type }) => type);
    expect(types).toEqual(["log.opened", "config.loaded", "tool.changed", "log.stopped"]);
    const checked = run(folder, ["--check-tools-lock"]);
    expect([checked.status, checked.stderr]).toEqual([1, expect.stringContaining("\n- tool read_text_file:")]);
  });

  it("answers and warns where the flag for development says so, and nothing else can", () => {
    using folder = withChangedLock();
    const flag = "--dangerously-allow-tool-drift";
    const { status, stdout, stderr } = run(folder, ["--tools-lock", "tools.lock.json", flag, "root"], LIST);
    expect(status).toBe(0);
    expect(stdout).toContain('"serverInfo"');
    expect(stderr).toContain("tool read_text_file: description changed");
    expect(records(folder)).toContainEqual(expect.objectContaining({ type: "weakening", detail: { flag } }));
  });

  it("without a lock says nothing of all that", () => {
    using folder = withChangedLock();
    const { status, stderr } = run(folder, ["root"], LIST);
    expect(status).toBe(0);
    expect(stderr).not.toContain("reviewed");
  });

  it("is not served to clients, who could change it where writing is allowed", () => {
    using folder = testFolder();
    const file = folder.write("tools.lock.json", written);
    const { status, stderr } = run(folder, ["--tools-lock", file, "root"]);
    expect(status).toBe(78);
    expect(stderr).toContain(`${file} can be read through the served directory`);
  });
});
