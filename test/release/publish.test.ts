import { execFile, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { closures, publishable, ROOT } from "../../scripts/pack/workspace.ts";
import { inOrder, publishCommand, readProved, whyNotPublish } from "../../scripts/release/publish.ts";
import { publishedIntegrity, REGISTRY } from "../../scripts/release/registry.ts";
import { packGood } from "../support/tarball.ts";
import { makeWorld, WORKFLOW, type World } from "./world.ts";

const folder = mkdtempSync(join(tmpdir(), "hardened-mcp-publish-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const TARBALLS = ["redact", "server", "database"].map((name) => `hardened-mcp-${name}-1.2.3.tgz`);

describe("the job that may publish", () => {
  let world: World;
  const publish = (file: string): string =>
    `npm publish ${join(world.clone, "release/packages", file)} --provenance --ignore-scripts --access public ` +
    "--registry https://registry.npmjs.org";
  beforeEach(() => {
    world = makeWorld(folder);
  });

  it("starts npm alone, once for each tarball, what others stand on first", () => {
    expect(world.release([], ["npm", "npx", "pnpm", "corepack", "yarn", "git", "sh", "curl"])).toMatchObject({
      status: 0,
    });
    expect(world.started()).toEqual(TARBALLS.map(publish));
    expect(world.output()).toBe("version=1.2.3\n");
  });

  it("leaves what the registry has already, when it is the same bytes", () => {
    const name = "@hardened-mcp/redact";
    world.has({ [name]: world.proved[name]! });
    expect(world.release([], ["npm"])).toMatchObject({ status: 0 });
    expect(world.started()).toEqual(TARBALLS.slice(1).map(publish));
  });

  it("publishes nothing of a version that another commit has begun", () => {
    world.has({ "@hardened-mcp/server": "sha512-another" });
    const { status, said } = world.release([], ["npm"]);
    expect([status, world.started()]).toEqual([1, []]);
    expect(said).toMatch(/@hardened-mcp\/server 1\.2\.3.*another commit.*changeset/s);
    expect(world.output()).toBe("");
  });

  it("lets the release page be made when everything was published by a run that broke off", () => {
    world.has(world.proved);
    expect(world.release([], ["npm"])).toMatchObject({ status: 0 });
    expect([world.started(), world.output()]).toEqual([[], "version=1.2.3\n"]);
  });

  it("stops where npm fails", () => {
    expect(world.release([], [])).toMatchObject({ status: 1, said: expect.stringContaining("npm") });
    expect(world.output()).toBe("");
  });
});

describe("publishing", () => {
  it.each([
    ["a laptop", {}, /is not the workflow.*no provenance/s],
    [
      "a fork",
      { ...WORKFLOW, GITHUB_WORKFLOW_REF: "a/b/.github/workflows/release.yml@refs/heads/main" },
      /not the workflow/,
    ],
    [
      "a branch",
      { ...WORKFLOW, GITHUB_WORKFLOW_REF: WORKFLOW.GITHUB_WORKFLOW_REF.replace("main", "x") },
      /not the work/,
    ],
    ["a job without an identity", { ...WORKFLOW, ACTIONS_ID_TOKEN_REQUEST_URL: "" }, /no provenance/],
    ["a workflow with a token", { ...WORKFLOW, NPM_TOKEN: "npm_x" }, /NPM_TOKEN is set/],
  ])("is refused from %s", (_, env, reason) => expect(whyNotPublish(env).join("\n")).toMatch(reason));

  it("is not refused in the release workflow", () => expect(whyNotPublish(WORKFLOW)).toEqual([]));

  it("is refused by the command itself, and says what to run instead", () => {
    const { PATH } = process.env;
    const { status, stderr } = spawnSync(process.execPath, ["scripts/release.mjs"], {
      cwd: ROOT,
      env: { PATH },
      encoding: "utf8",
    });
    expect([status, stderr]).toEqual([1, expect.stringContaining("pnpm@12 release --dry-run")]);
  });

  it("is refused for what was not proved, and for what is not what was", () => {
    const { clone } = makeWorld(folder);
    expect(() => readProved(clone)).toThrow(/nothing was proved/);
    expect(readProved(join(clone, "release"))).toHaveLength(3);
    writeFileSync(join(clone, "release/packages", TARBALLS[0]!), "another");
    expect(() => readProved(join(clone, "release"))).toThrow(/is not the tarball that was examined/);
  });

  it("goes from the ground floor up, so that nothing is there before what it needs", () => {
    const manifests = publishable().map(({ manifest }) => manifest);
    const needs = closures(manifests);
    const names = inOrder(manifests, needs).map(({ name }) => name);
    const early = names.filter((name, index) => needs.get(name)?.some((other) => names.indexOf(other) > index));
    expect(early).toEqual([]);
  });

  it("asks the registry what is there, and stops at an answer that is neither yes nor no", async () => {
    const registry = createServer(({ url }, response) => {
      const [status, body] = ANSWERS[url ?? ""] ?? [503, ""];
      response.writeHead(status).end(body);
    });
    await new Promise<void>((done) => registry.listen(0, "127.0.0.1", done));
    const url = `http://127.0.0.1:${(registry.address() as AddressInfo).port}`;
    try {
      expect(await publishedIntegrity("@a/b", "1.0.0", url)).toBe("sha512-x");
      expect(await publishedIntegrity("@a/b", "1.0.1", url)).toBeUndefined();
      await expect(publishedIntegrity("@a/b", "1.0.2", url)).rejects.toThrow(/503/);
      await expect(publishedIntegrity("@a/b", "1.0.3", url)).rejects.toThrow(/names no hash/);
    } finally {
      registry.close();
    }
  });

  it("sends the very bytes that were examined, so that the registry's hash is the tarball's", async () => {
    const [tarball] = packGood(folder);
    let sent = "";
    const registry = createServer(async (request, response) => {
      let body = "";
      for await (const chunk of request) body += chunk;
      if (request.method === "PUT") sent = body;
      response.writeHead(request.method === "PUT" ? 201 : 404, { "content-type": "application/json" }).end("{}");
    });
    await new Promise<void>((done) => registry.listen(0, "127.0.0.1", done));
    const host = `127.0.0.1:${(registry.address() as AddressInfo).port}`;
    try {
      // Provenance needs GitHub and a public log. The rest is as it is asked for.
      const args = publishCommand(tarball).filter((arg) => arg !== "--provenance" && arg !== REGISTRY);
      const env = { PATH: process.env["PATH"], HOME: folder, npm_config_cache: join(folder, "cache") };
      await promisify(execFile)("npm", [...args, `http://${host}`, `--//${host}/:_authToken=x`], { cwd: folder, env });
    } finally {
      registry.close();
    }
    const { versions } = JSON.parse(sent);
    const hash = createHash("sha512").update(readFileSync(tarball)).digest("base64");
    expect(versions["1.2.3"].dist.integrity).toBe(`sha512-${hash}`);
  });
});

const ANSWERS: Readonly<Record<string, readonly [number, string]>> = {
  "/@a%2fb/1.0.0": [200, '{"dist":{"integrity":"sha512-x"}}'],
  "/@a%2fb/1.0.1": [404, ""],
  "/@a%2fb/1.0.3": [200, "{}"],
};
