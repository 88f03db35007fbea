import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, symlinkSync } from "node:fs";
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

describe("the command", () => {
  it("prints help and version", () => {
    expect(run(["--help"])).toMatchObject({ status: 0, stdout: expect.stringContaining("--print-role-sql") });
    expect(run(["--version"]).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it("prints the effective configuration, and nothing of where a database is", () => {
    using folder = testFolder();
    const { status, stdout } = run(["--print-config", folder.shop, "postgres://canary@canary.example/canary_db"], {
      XDG_STATE_HOME: folder.path,
    });
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      sources: { shop: { type: "sqlite", file: folder.shop }, canary_db: { type: "postgres", url: "(masked)" } },
      auditDir: join(folder.path, "hardened-mcp/database/audit"),
    });
    expect(stdout).not.toContain("canary.example");
  });

  it("prints what policies can speak about, saved queries and their effects included", () => {
    using folder = testFolder();
    const config = folder.write("config.json", {
      sources: { shop: { type: "sqlite", file: folder.shop } },
      queries: {
        orders_over: {
          sql: "select id from orders where total > ?1",
          description: "x",
          params: { total: { type: "number" } },
        },
      },
    });
    const { status, stdout } = run(["--print-manifest", "--config", config]);
    expect(status).toBe(0);
    const { server, operations } = JSON.parse(stdout);
    expect(server).toBe("database");
    expect(operations.find(({ name }: { name: string }) => name === "orders_over")).toMatchObject({
      effect: "read",
      scope: "database:query:orders_over",
    });
    expect(existsSync(folder.audit)).toBe(false);
  });

  it("ends with 64 for a command line that it does not understand", () => {
    expect(run([])).toMatchObject({ status: 64, stderr: expect.stringContaining("at least one database") });
    expect(run(["--alow-write", "x.db"])).toMatchObject({
      status: 64,
      stderr: expect.stringContaining("--allow-write?"),
    });
    expect(run([], { HARDENED_MCP_DATABSE_URL: "postgres://canary" })).toMatchObject({
      status: 78,
      stderr: expect.stringContaining("Did you mean HARDENED_MCP_DATABASE_URL?"),
    });
    const secret = run(["postgres://reader:canary@db.example/orders"]);
    expect(secret).toMatchObject({ status: 64, stderr: expect.stringContaining("must hold no password") });
    expect(secret.stderr).not.toContain("canary");
  });

  it("ends with 69 for a file that is no database, and 78 for one that is not there, and says which it is", () => {
    using folder = testFolder();
    const text = folder.write("text.db", "this is no database, however long it may be ".repeat(100));
    const audit = ["--audit-dir", folder.audit];
    expect(run([...audit, text])).toMatchObject({ status: 69, stderr: expect.stringContaining("no SQLite database") });
    for (const word of [join(folder.path, "gone.db"), folder.path]) {
      expect(run([...audit, word])).toMatchObject({ status: 78, stderr: expect.stringContaining(`no file ${word}`) });
    }
    expect(existsSync(join(folder.path, "gone.db"))).toBe(false);
  });

  it("ends with 78 for rules about what is not there, and names the nearest", () => {
    using folder = testFolder();
    const config = folder.write("config.json", {
      sources: { shop: { type: "sqlite", file: folder.shop, rules: { tables: { odrers: {} } } } },
    });
    expect(run(["--audit-dir", folder.audit, "--config", config])).toMatchObject({
      status: 78,
      stderr: expect.stringMatching(/sources\.shop: .*orders/),
    });
  });

  it("ends with 69 for a database that is away, and says nothing of where it was looked for", () => {
    using folder = testFolder();
    const url = "postgres://canary:canary@127.0.0.1:1/canary";
    const { status, stderr } = run(["--audit-dir", folder.audit], { HARDENED_MCP_DATABASE_URL: url });
    expect(stderr).toContain("cannot be opened. Nothing listens at that address.");
    expect(stderr).not.toContain("canary");
    expect(status).toBe(69);
  });

  it("ends with 78 for a secret that others can read, or that is not there", () => {
    using folder = testFolder();
    const file = folder.write("url", "postgres://canary:canary@127.0.0.1:1/canary");
    const config = folder.write("config.json", { sources: { orders: { type: "postgres", urlFile: file } } });
    chmodSync(file, 0o644);
    const open = run(["--audit-dir", folder.audit, "--config", config]);
    expect(open).toMatchObject({ status: 78, stderr: expect.stringContaining("can be read by others") });
    expect(open.stderr).not.toContain("canary");
    const missing = folder.write("config2.json", { sources: { orders: { type: "postgres", urlVariable: "NOT_SET" } } });
    expect(run(["--audit-dir", folder.audit, "--config", missing])).toMatchObject({
      status: 78,
      stderr: expect.stringContaining("NOT_SET is not set"),
    });
  });

  it("does not serve what it stands on", () => {
    using folder = testFolder();
    const state = join(folder.path, "state.db");
    symlinkSync(state, join(folder.path, "alias.db"));
    const served = { status: 78, stderr: expect.stringContaining("this server itself stands on") };
    const audit = ["--audit-dir", folder.audit];
    for (const word of [state, `${state}.key`, join(folder.path, "alias.db")]) {
      expect(run([...audit, "--state", `sqlite://${state}`, word]), word).toMatchObject(served);
    }
    const config = folder.write("config.json", {});
    expect(run([...audit, "--config", config, config])).toMatchObject(served);
    mkdirSync(folder.audit, { mode: 0o700, recursive: true });
    expect(run([...audit, join(folder.audit, "x.db")])).toMatchObject({
      status: 78,
      stderr: expect.stringContaining("lies in the audit folder"),
    });
  });

  it("does not serve other machines over HTTP without TLS and authentication", () => {
    using folder = testFolder();
    const { status, stderr } = run(["--audit-dir", folder.audit, "--http", "0.0.0.0:0", folder.shop]);
    expect(status).toBe(78);
    for (const line of ['"tls"', '"auth"', '"allowedHosts"']) expect(stderr).toContain(line);
    expect(existsSync(folder.audit)).toBe(false);
  });
});
