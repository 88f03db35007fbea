import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type TestFolder, testFolder } from "./support/folder.ts";
import { CLI } from "./support/session.ts";
import { SHOP_DOCUMENT } from "./support/shop-document.ts";

function run(argv: readonly string[], environment: Record<string, string> = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...argv], {
    encoding: "utf8",
    input: "",
    env: { ...process.env, ...environment },
  });
  return { status, stdout, stderr };
}

const shopIn = (folder: TestFolder) => folder.write("shop.json", SHOP_DOCUMENT);
/** A configuration with the shop as its one API. */
const configIn = (folder: TestFolder, keys: object, more: object = {}) =>
  folder.write("config.json", { apis: { api: { spec: shopIn(folder), ...keys } }, ...more });

describe("the command", () => {
  it("prints help and version", () => {
    expect(run(["--help"])).toMatchObject({ status: 0, stdout: expect.stringContaining("--print-operations") });
    expect(run(["--version"]).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it("prints the effective configuration", () => {
    using folder = testFolder();
    const { status, stdout } = run(["--print-config", "--spec", shopIn(folder)], { XDG_STATE_HOME: folder.path });
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      apis: { api: { spec: join(folder.path, "shop.json"), upstream: { redirects: "refuse" } } },
      auditDir: join(folder.path, "hardened-mcp/http-api/audit"),
    });
  });

  it("prints what became a tool, and what did not and why", () => {
    using folder = testFolder();
    const { status, stdout } = run(["--print-operations", "--spec", shopIn(folder)]);
    expect(status).toBe(0);
    expect(stdout).toContain("api, at https://api.shop.com/v1: 1 tools");
    expect(stdout).toMatch(/get_order {2}read {2}GET \/orders\/\{id\} {2}http:read/);
    expect(stdout).toMatch(/DELETE \/orders\/\{id\} \(writing\)/);
    expect(stdout).toMatch(/\(cookie_parameter\)/);
  });

  it.each(["--print-operations", "--print-manifest"])("%s refuses hosts that a start would", (flag) => {
    using folder = testFolder();
    const config = configIn(folder, {}, { fetchUrl: { allow: [{ host: "u:hunter2@docs.example.com" }] } });
    const { status, stderr } = run([flag, "--config", config]);
    expect([status, stderr]).toEqual([78, expect.stringContaining("fetchUrl.allow[0].host")]);
    expect(stderr).not.toContain("hunter2");
  });

  it("prints the same for programs", () => {
    using folder = testFolder();
    const config = configIn(folder, { operations: { write: ["pay"] } });
    const { status, stdout } = run(["--print-operations", "--json", "--allow-write", "--config", config]);
    expect(status).toBe(0);
    const [api] = JSON.parse(stdout).apis;
    expect(api.operations.map(({ tool, effect }: { tool: string; effect: string }) => [tool, effect])).toEqual([
      ["get_order", "read"],
      ["pay", "write"],
    ]);
    expect(api.operations[0].arguments).toEqual(["id", "verbose"]);
    expect(api.leftOut).toContainEqual(expect.objectContaining({ what: "operation", reason: "writing" }));
  });

  it("prints the tool that reads pages, too", () => {
    using folder = testFolder();
    const config = configIn(folder, {}, { fetchUrl: { allow: [{ host: "docs.example.com" }] } });
    expect(run(["--print-operations", "--config", config]).stdout).toMatch(
      /\n\npages: 1 tool\n {2}fetch_url {2}read {2}docs\.example\.com {2}http:fetch\n$/,
    );
    expect(JSON.parse(run(["--print-operations", "--json", "--config", config]).stdout)).toMatchObject({
      fetchUrl: { tool: "fetch_url", effect: "read", scope: "http:fetch", hosts: ["docs.example.com"] },
    });
  });

  it("prints nothing that a terminal would obey or a person not see, whatever the document holds", () => {
    using folder = testFolder();
    const hidden = "x\u{200b}\u{e0049}\u{1b}[31m\n  fake_tool  read";
    const operation = {
      operationId: hidden,
      summary: hidden,
      tags: [hidden],
      parameters: [{ name: hidden, in: "query" }],
      responses: { 200: { description: hidden } },
    };
    const spec = folder.write("hidden.json", {
      openapi: "3.1.0",
      info: { title: hidden, version: "1" },
      servers: [{ url: "https://api.shop.com" }],
      paths: {
        "/plain": { get: operation },
        [`/${hidden}`]: { get: operation },
        [`/a/{${hidden}}`]: { get: operation },
        "/other": { get: { ...operation, servers: [{ url: hidden }] } },
      },
    });
    const text = run(["--print-operations", "--spec", spec]);
    expect(text.status).toBe(0);
    expect(text.stdout).not.toMatch(/(?!\n)[\p{Cc}\p{Cf}]/u);
    expect(text.stdout).not.toMatch(/^\s*fake_tool/m);
    const json = run(["--print-operations", "--json", "--spec", spec]);
    const texts: string[] = [];
    JSON.parse(json.stdout, (_key, one) => {
      if (typeof one === "string") texts.push(one);
      return one;
    });
    expect(texts.length).toBeGreaterThan(20);
    expect(texts.join("")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });

  it("prints what policies can speak about, and needs no secret for it", () => {
    using folder = testFolder();
    const credential = { type: "bearer", token: { file: join(folder.path, "not-there") } };
    const api = { credential, baseUrl: "https://api.shop.com/v1" };
    const config = configIn(folder, api, { fetchUrl: { allow: [{ host: "docs.example.com" }] } });
    const { status, stdout } = run(["--print-manifest", "--config", config]);
    expect(status).toBe(0);
    const { server, operations } = JSON.parse(stdout);
    expect(server).toBe("http-api");
    expect(operations.map(({ name, scope }: { name: string; scope: string }) => [name, scope])).toEqual([
      ["get_order", "http:read"],
      ["fetch_url", "http:fetch"],
    ]);
    expect(existsSync(folder.audit)).toBe(false);
  });

  it("ends with 64 for a command line that it does not understand", () => {
    expect(run([])).toMatchObject({ status: 64, stderr: expect.stringContaining("Name an API to serve: --spec FILE") });
    expect(run(["openapi.yaml"])).toMatchObject({ status: 64, stderr: expect.stringContaining("--spec FILE") });
    expect(run(["--specs", "x"])).toMatchObject({ status: 64, stderr: expect.stringContaining("--spec?") });
  });

  it("ends with 78 for a document that is not there, is none, or is of another version", () => {
    using folder = testFolder();
    const audit = ["--audit-dir", folder.audit];
    const words = [
      [join(folder.path, "gone.yaml"), "gone.yaml"],
      [folder.write("text.yaml", "just text"), "OpenAPI"],
      [folder.write("old.json", { swagger: "2.0", info: {}, paths: {} }), "2.0"],
    ] as const;
    for (const [file, message] of words) {
      const ended = run([...audit, "--spec", file, "--base-url", "https://api.shop.com"]);
      expect(ended, file).toMatchObject({ status: 78, stderr: expect.stringContaining(message) });
      expect(ended.stderr).not.toMatch(/^\s+at /m);
    }
  });

  it("ends with 78 where nobody says where the API is, and names the key and the flag", () => {
    using folder = testFolder();
    const inside = folder.write("inside.json", {
      ...SHOP_DOCUMENT,
      servers: [{ url: "http://169.254.169.254/latest" }],
    });
    expect(run(["--audit-dir", folder.audit, "--spec", inside])).toMatchObject({
      status: 78,
      stderr: expect.stringMatching(/apis\.api\.baseUrl is missing.*--base-url/),
    });
  });

  it("ends with 78 where a document alone says who gets the credential", () => {
    using folder = testFolder();
    const credential = { type: "bearer", token: { file: folder.write("token", "canary-token\n") } };
    const config = configIn(folder, { credential });
    for (const args of [[], ["--print-operations"], ["--print-manifest"]]) {
      expect(run(["--audit-dir", folder.audit, "--config", config, ...args])).toMatchObject({
        status: 78,
        stderr: expect.stringContaining("must not decide who gets it"),
      });
    }
  });

  it("ends with 78 for an operation that is not there, and names the nearest", () => {
    using folder = testFolder();
    const config = configIn(folder, { operations: { allow: { ids: ["getOrdr"] } } });
    expect(run(["--audit-dir", folder.audit, "--config", config])).toMatchObject({
      status: 78,
      stderr: expect.stringContaining("getOrder"),
    });
  });

  it("ends with 78 for a secret that others can read, or that is not there, and leaves nothing running", () => {
    using folder = testFolder();
    const token = folder.write("token", "canary-token\n");
    const baseUrl = "https://api.shop.com/v1";
    const config = configIn(folder, { baseUrl, credential: { type: "bearer", token: { file: token } } });
    chmodSync(token, 0o644);
    const open = run(["--audit-dir", folder.audit, "--config", config]);
    expect(open).toMatchObject({ status: 78, stderr: expect.stringContaining("can be read by others") });
    expect(open.stderr).not.toContain("canary");
    const gone = { baseUrl, credential: { type: "bearer", token: { file: join(folder.path, "gone") } } };
    expect(run(["--audit-dir", folder.audit, "--config", configIn(folder, gone)]).status).toBe(78);
  });

  it("sends no file that it stands on", () => {
    using folder = testFolder();
    const [outbox, secrets] = [join(folder.path, "outbox"), join(folder.path, "secrets")];
    for (const one of [outbox, secrets]) mkdirSync(one);
    const token = folder.write("secrets/token", "canary-token\n");
    const credential = { type: "bearer", token: { file: token } };
    const uploading = (roots: string[], auditDir: string) => {
      const config = configIn(folder, { uploads: { roots }, credential, baseUrl: "https://api.shop.com/v1" });
      return run(["--audit-dir", auditDir, "--config", config]);
    };
    const refused = { status: 78, stderr: expect.stringContaining("could be sent from") };
    expect(uploading([outbox, secrets], folder.audit)).toMatchObject(refused);
    expect(uploading([outbox], join(outbox, "audit"))).toMatchObject(refused);
    // The configuration itself lies there.
    expect(uploading([folder.path], "/tmp/elsewhere")).toMatchObject(refused);
    expect(uploading([outbox], folder.audit).status).toBe(0);
  });

  it.each([
    ["*", "bare"],
    ["*.com", "public suffix"],
    ["*.github.io", "public suffix"],
  ])("ends with 78 where fetch_url would read %s", (host) => {
    using folder = testFolder();
    const config = folder.write("config.json", { fetchUrl: { allow: [{ host }] } });
    expect(run(["--audit-dir", folder.audit, "--config", config])).toMatchObject({
      status: 78,
      stderr: expect.stringContaining("fetchUrl.allow[0].host"),
    });
  });

  it("does not serve other machines over HTTP without TLS and authentication", () => {
    using folder = testFolder();
    const { status, stderr } = run(["--audit-dir", folder.audit, "--http", "0.0.0.0:0", "--spec", shopIn(folder)]);
    expect(status).toBe(78);
    for (const line of ['"tls"', '"auth"', '"allowedHosts"']) expect(stderr).toContain(line);
    expect(existsSync(folder.audit)).toBe(false);
  });
});
