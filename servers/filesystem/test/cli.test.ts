import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { testFolder } from "./support/folder.ts";
import { CLI } from "./support/session.ts";

function run(argv: readonly string[], environment: Record<string, string> = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...argv], {
    encoding: "utf8",
    input: "",
    env: { ...process.env, ...environment },
  });
  return { status, stdout, stderr };
}

const jsonLines = (text: string): readonly Record<string, unknown>[] =>
  text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));

function startRecord(audit: string): Record<string, unknown> {
  const slot = join(audit, "0");
  const records = readdirSync(slot)
    .filter((name) => name.endsWith(".jsonl"))
    .flatMap((name) => jsonLines(readFileSync(join(slot, name), "utf8")));
  return records.find((record) => record["type"] === "server.started") ?? {};
}

describe("the command", () => {
  it("prints help and version", () => {
    expect(run(["--help"])).toMatchObject({ status: 0, stdout: expect.stringContaining("--audit-dir DIR") });
    expect(run(["--version"]).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it("prints the effective configuration", () => {
    using folder = testFolder();
    const { status, stdout } = run(["--print-config", folder.root], { XDG_STATE_HOME: folder.path });
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      roots: [folder.root],
      auditDir: join(folder.path, "hardened-mcp/filesystem/audit"),
    });
  });

  it("ends with 64 for a command line that it does not understand", () => {
    expect(run([])).toMatchObject({ status: 64, stderr: expect.stringContaining("at least one directory") });
    expect(run(["--htp", "/x"])).toMatchObject({ status: 64, stderr: expect.stringContaining("Did you mean --http?") });
  });

  it("ends with 78 for a root that is too broad, or when none is there", () => {
    using folder = testFolder();
    const audit = ["--audit-dir", folder.audit];
    expect(run([...audit, "/"])).toMatchObject({ status: 78, stderr: expect.stringContaining("too broad") });
    expect(run([...audit, homedir()])).toMatchObject({ status: 78 });
    expect(run([...audit, join(folder.path, "rot")])).toMatchObject({
      status: 78,
      stderr: expect.stringContaining("Did you mean root?"),
    });
    expect(existsSync(folder.audit)).toBe(false);
  });

  it("leaves out a root that is missing, and serves the rest", () => {
    using folder = testFolder();
    const { status, stderr } = run(["--audit-dir", folder.audit, join(folder.path, "gone"), folder.root]);
    expect(status).toBe(0);
    expect(stderr).toContain("Warning: Cannot access directory");
  });

  it("ends with 73 when the audit log cannot be written", () => {
    using folder = testFolder();
    writeFileSync(join(folder.path, "file"), "");
    expect(run(["--audit-dir", join(folder.path, "file"), folder.root]).status).toBe(73);
  });

  it("refuses an audit folder that clients could read", () => {
    using folder = testFolder({ "sub/x": "" });
    const refused = { status: 78, stderr: expect.stringContaining("--audit-dir") };
    symlinkSync(folder.root, join(folder.path, "alias"));
    expect(run(["--audit-dir", join(folder.root, "new/audit"), folder.root])).toMatchObject(refused);
    expect(run(["--audit-dir", join(folder.path, "alias/audit"), folder.root])).toMatchObject(refused);
    expect(run(["--audit-dir", folder.path, folder.root])).toMatchObject(refused);
  });

  it("keeps the audit log to its owner", () => {
    using folder = testFolder();
    mkdirSync(join(folder.path, "state"));
    expect(run([folder.root], { XDG_STATE_HOME: join(folder.path, "state") }).status).toBe(0);
    expect(statSync(join(folder.path, "state/hardened-mcp/filesystem/audit")).mode & 0o777).toBe(0o700);
  });

  it.each(["0.0.0.0", "[::]", "192.168.1.2", "127.0.0.1.evil.example"])(
    "does not serve other machines over HTTP without TLS and authentication, and says what to add (%s)",
    (host) => {
      using folder = testFolder();
      const { status, stderr } = run(["--audit-dir", folder.audit, "--http", `${host}:0`, folder.root]);
      expect(status).toBe(78);
      for (const line of ['"tls"', '"auth"', '"allowedHosts"']) expect(stderr).toContain(line);
      expect(stderr).not.toMatch(/authenticator/);
      expect(existsSync(folder.audit)).toBe(false);
    },
  );

  it("warns of a flag that weakens it, and puts it on record", () => {
    using folder = testFolder();
    chmodSync(folder.root, 0o777);
    expect(run(["--audit-dir", folder.audit, folder.root])).toMatchObject({
      status: 78,
      stderr: expect.stringContaining("too broad"),
    });

    const flag = "--dangerously-allow-broad-root";
    const { status, stderr } = run(["--audit-dir", folder.audit, flag, folder.root]);
    expect(status).toBe(0);
    expect(jsonLines(stderr).filter((line) => line["flag"] === flag)).toMatchObject([
      { level: 40, msg: expect.stringContaining("weakened") },
    ]);
    expect(startRecord(folder.audit)["detail"]).toMatchObject({ weakening: flag });
  });

  it("records no weakening where there is none", () => {
    using folder = testFolder();
    const { stderr } = run(["--audit-dir", folder.audit, folder.root]);
    expect(stderr).not.toContain("weakened");
    expect(startRecord(folder.audit)["detail"]).toMatchObject({ weakening: "" });
  });
});
