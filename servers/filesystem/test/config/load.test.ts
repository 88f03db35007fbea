import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { configJsonSchema } from "../../src/config/json-schema.ts";
import { loadConfig } from "../../src/config/load.ts";
import { testFolder } from "../support/folder.ts";

function withFile<T>(content: unknown, use: (path: string) => T): T {
  using folder = testFolder();
  const path = join(folder.path, "config.json");
  writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content));
  return use(path);
}

describe("the configuration", () => {
  it("has safe defaults", () => {
    const config = loadConfig({ roots: ["/a"] }, {});
    expect(config).toMatchObject({
      roots: ["/a"],
      hardLinks: "refuse",
      maxReadBytes: 10 * 1024 * 1024,
      limits: { deadlineMs: 30_000, callsPerMinute: 6000, maxResultBytes: 2 * 1024 * 1024, concurrency: 32 },
      redact: { secrets: true, personal: [], hidden: "escape" },
      dangerouslyAllowBroadRoot: false,
    });
    expect(config.deny).toContain(".env");
    expect(config.http).toBeUndefined();
  });

  it("takes flag over environment over file", () => {
    const file = { roots: ["/file"], auditDir: "/file", maxReadBytes: 1, http: { monitorPort: 9, port: 1 } };
    withFile(file, (config) => {
      const environment = {
        HARDENED_MCP_AUDIT_DIR: "/env",
        HARDENED_MCP_HTTP_PORT: "2",
        HARDENED_MCP_MAX_READ_BYTES: "5",
      };
      const loaded = loadConfig({ roots: ["/flag"], config, http: "localhost:3" }, environment);
      expect(loaded).toMatchObject({ roots: ["/flag"], auditDir: "/env", maxReadBytes: 5 });
      expect(loaded.http).toEqual({ host: "localhost", port: 3, monitorPort: 9 });
    });
  });

  it("expands the home directory, which client configurations do not", () => {
    expect(loadConfig({ roots: ["~/work"] }, {}).roots).toEqual([join(homedir(), "work")]);
  });

  it.each([
    [{ rots: ["/a"] }, 'Unknown key "rots". Did you mean "roots"?'],
    [{ limits: { deadlinems: 5 } }, 'Did you mean "limits.deadlineMs"?'],
    [{ redact: { secret: false } }, 'Did you mean "redact.secrets"?'],
    [{ roots: [{ path: "/a", link: "refuse" }] }, 'Did you mean "roots.0.links"?'],
    [{ limits: { deadlineMs: -1 } }, "limits.deadlineMs"],
    [{ hardLinks: "maybe" }, "hardLinks"],
    [{ dangerouslyAllowBroadRoot: true }, "on the command line only"],
    ["[]", "one JSON object"],
    ["{", "is not JSON: see line 1, column 2."],
    ['{"token": secret}', /is not JSON\.$/],
  ])("refuses the file %j", (content, message) => {
    withFile(content, (config) => expect(() => loadConfig({ roots: [], config }, {})).toThrow(message));
  });

  it("refuses an unknown or malformed variable", () => {
    expect(() => loadConfig({ roots: [] }, { HARDENED_MCP_DENNY: "x" })).toThrow("Did you mean HARDENED_MCP_DENY?");
    expect(() => loadConfig({ roots: [] }, { HARDENED_MCP_LIMITS_DEADLINE_MS: "soon" })).toThrow("limits.deadlineMs");
  });

  it("refuses what this version does not do", () => {
    expect(() => loadConfig({ roots: [], allowWrite: true }, {})).toThrow("not supported by this version");
  });

  it("is published as a JSON Schema in which every key is described", () => {
    const published = readFileSync(new URL("../../config.schema.json", import.meta.url), "utf8");
    const schema = configJsonSchema();
    // Out of date? node dist/cli.js --print-config-schema > config.schema.json
    expect(JSON.parse(published)).toEqual(JSON.parse(JSON.stringify(schema)));
    for (const [key, value] of Object.entries(schema["properties"] as Record<string, { description?: string }>)) {
      expect(value.description ?? key === "$schema", key).toBeTruthy();
    }
  });
});

it("refuses a configuration that everybody can write: it says who may call", () => {
  withFile({}, (path) => {
    chmodSync(path, 0o666);
    expect(() => loadConfig({ roots: [], config: path }, {})).toThrow("can be written by everybody");
    chmodSync(path, 0o664);
    expect(loadConfig({ roots: [], config: path }, {}).roots).toEqual([]);
  });
});
