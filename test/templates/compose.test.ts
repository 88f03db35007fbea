import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { DEPLOYED, nameOf, sharedFor } from "./support/shared.ts";

/** What is written besides state: on a volume, since the root file system is read only. */
const OWN = {
  minimal: ["data:/app/data"],
  filesystem: ["files:/app/files"],
  database: ["data:/app/data"],
  "http-api": [],
} as const;

const linesOf = (text: string, keep: (line: string) => boolean) => text.split("\n").filter(keep).join("\n");

describe.each(DEPLOYED.map((one) => [nameOf(one), one] as const))("the compose file for %s", (_, chosen) => {
  const text = sharedFor("deploy/compose.yaml", chosen);
  const file = parse(text, { uniqueKeys: true });
  const service = file.services["my-server"];

  it("has every flag that keeps a container small", () => {
    expect(service).toMatchObject({
      read_only: true,
      user: "65532:65532",
      cap_drop: ["ALL"],
      security_opt: ["no-new-privileges:true"],
      pids_limit: 64,
      mem_limit: "512m",
      memswap_limit: "512m",
      cpus: 1,
      tmpfs: [expect.stringContaining("noexec,nosuid,nodev")],
    });
    for (const key of [
      "privileged",
      "cap_add",
      "devices",
      "network_mode",
      "pid",
      "ipc",
      "userns_mode",
      "environment",
    ]) {
      expect(service).not.toHaveProperty(key);
    }
  });

  it("publishes on loopback alone, and mounts nothing of the machine", () => {
    expect(service.ports).toEqual(["127.0.0.1:3000:3000"]);
    const own = OWN[chosen.template as keyof typeof OWN];
    expect(service.volumes).toEqual(["state:/var/lib/my-server", ...own]);
    expect(Object.keys(file.volumes)).toEqual(["state", ...own.map((one) => one.split(":")[0])]);
    expect(service.networks).toEqual(Object.keys(file.networks));
  });

  it("has the secrets that the configuration names, as files", () => {
    const names = ["tls.crt", "tls.key", ...(chosen.state === "sqlite" ? [] : ["state-url", "state.key"])];
    expect(service.secrets.map((one: { target: string }) => one.target)).toEqual(
      names.map((name) => `/app/secrets/${name}`),
    );
    expect(service.secrets.map((one: { source: string }) => one.source)).toEqual(Object.keys(file.secrets));
    expect(Object.values(file.secrets)).toEqual(names.map((name) => ({ file: `../secrets/${name}` })));
  });

  it("asks for no certificate once the lines with tls are out, as DEPLOYMENT.md says for a proxy", () => {
    const { secrets, services } = parse(linesOf(text, (line) => !line.includes("tls")));
    const names = chosen.state === "sqlite" ? null : ["state_url", "state_key"];
    expect(services["my-server"].secrets?.map((one: { source: string }) => one.source) ?? null).toEqual(names);
    expect(secrets === null ? null : Object.keys(secrets)).toEqual(names);
  });

  it("has the lines for what is off, as comments: tools that write, and the token of an API", () => {
    const on = parse(text.replace(/^(\s*)# (command:|- \{ source|api_token:)/gm, "$1$2"), { uniqueKeys: true });
    expect(on.services["my-server"].command).toEqual(["--config", "deploy/server.config.json", "--allow-write"]);
    const isApi = chosen.template === "http-api";
    expect(Object.hasOwn(on.secrets, "api_token")).toBe(isApi);
    expect(JSON.stringify(on.services["my-server"].secrets).includes("/app/secrets/api-token")).toBe(isApi);
  });
});
