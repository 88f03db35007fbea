import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { DEPLOYED, nameOf, sharedFor } from "./support/shared.ts";

describe.each(DEPLOYED.map((one) => [nameOf(one), one] as const))("the compose file for %s", (_, chosen) => {
  const file = parse(sharedFor("deploy/compose.yaml", chosen), { uniqueKeys: true });
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
    const data = chosen.template === "database" ? ["data:/app/data"] : [];
    expect(service.volumes).toEqual(["state:/var/lib/my-server", ...data]);
    expect(Object.keys(file.volumes)).toEqual(["state", ...data.map(() => "data")]);
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
});
