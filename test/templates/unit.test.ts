import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Chosen, nameOf, sharedFor } from "./support/shared.ts";

const ANALYZE = "/usr/bin/systemd-analyze";

/** What confines the server; each line as it has to stand. */
const CONFINED = [
  "DynamicUser=yes",
  "NoNewPrivileges=yes",
  "CapabilityBoundingSet=",
  "ProtectSystem=strict",
  "ProtectHome=yes",
  "PrivateTmp=yes",
  "PrivateDevices=yes",
  "PrivateUsers=yes",
  "ProtectKernelTunables=yes",
  "ProtectKernelModules=yes",
  "ProtectControlGroups=yes",
  "RestrictNamespaces=yes",
  "RestrictSUIDSGID=yes",
  "RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX",
  "SystemCallFilter=@system-service",
  "SystemCallFilter=~@privileged @resources",
  "StateDirectoryMode=0700",
  "UMask=0077",
  "MemoryMax=512M",
  "TasksMax=64",
];

const CHOSEN: readonly Chosen[] = [
  ["minimal", "http", "none", "sqlite"],
  ["database", "both", "none", "sqlite"],
  ["filesystem", "http", "oauth", "sqlite"],
  ["http-api", "both", "api-key", "redis"],
].map(([template = "", transport = "", auth = "", state = ""]) => ({ template, transport, auth, state, pm: "npm" }));

describe.each(CHOSEN.map((one) => [nameOf(one), one] as const))("the systemd unit for %s", (_, chosen) => {
  const text = sharedFor("deploy/mcp-my-server.service", chosen);
  const lines = text.split("\n");

  it("confines the server", () => expect(lines).toEqual(expect.arrayContaining(CONFINED)));

  it("starts what was chosen, once", () => {
    const started = lines.filter((line) => line.startsWith("ExecStart=")).map((line) => line.split(" ").slice(2));
    const local = chosen.transport === "http" ? [] : ["--config", "/opt/mcp-my-server/server.http.json"];
    expect(started).toEqual([
      chosen.auth === "none" ? local : ["--config", "/opt/mcp-my-server/deploy/server.config.json"],
    ]);
  });

  // Its user would be taken for an existing one of that name: `postgres` is a good name for a project.
  it("has no name that a user or a unit of the system has", () => {
    for (const key of ["StateDirectory", "RuntimeDirectory"]) {
      const line = lines.find((one) => one.startsWith(`${key}=`)) ?? "";
      for (const name of line.slice(key.length + 1).split(" ")) expect(name).toMatch(/^mcp-my-server(\/files)?$/);
    }
    expect(lines.filter((line) => !line.startsWith("#") && /(?<!mcp-)\bmy-server(?!,)/.test(line))).toEqual([]);
  });

  it("hands secrets over as credentials, not in the environment", () => {
    const loaded = lines.flatMap((line) => /^LoadCredential=([^:]+):/.exec(line)?.[1] ?? []);
    const tls = chosen.auth === "none" ? [] : ["tls.crt", "tls.key"];
    expect(loaded).toEqual([...tls, ...(chosen.state === "sqlite" ? [] : ["state-url", "state.key"])]);
    for (const name of loaded) {
      expect(text).toContain(`\${CREDENTIALS_DIRECTORY}/${name}`);
      expect(text, "the server is told where it is").toMatch(new RegExp(`_FILE=/run/mcp-my-server/${name}\\b`));
    }
  });

  // systemd itself is the judge where it is installed; the lines above hold everywhere.
  it.runIf(existsSync(ANALYZE))("is one that systemd accepts, and rates 1.1 or better", () => {
    const folder = mkdtempSync(join(tmpdir(), "hardened-mcp-unit-"));
    try {
      const unit = join(folder, "mcp-my-server.service");
      // Whether the program is installed here is not the question.
      writeFileSync(unit, text.replaceAll("/usr/bin/node", process.execPath));
      const verified = spawnSync(ANALYZE, ["verify", unit], { encoding: "utf8" });
      expect([verified.status, verified.stderr]).toEqual([0, ""]);
      const rated = spawnSync(ANALYZE, ["security", "--offline=true", "--threshold=11", unit], { encoding: "utf8" });
      expect([rated.status, rated.stdout]).toEqual([0, expect.stringContaining("Overall exposure level")]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
