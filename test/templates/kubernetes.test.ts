import { describe, expect, it } from "vitest";
import { parseAllDocuments } from "yaml";
import { type PodSpec, podFaults, RESTRICTED } from "./support/pod-security.ts";
import { type Chosen, DEPLOYED, nameOf, sharedFor } from "./support/shared.ts";

interface Manifest {
  kind: string;
  metadata: { name: string; namespace?: string; labels?: Record<string, string> };
  // biome-ignore lint/suspicious/noExplicitAny: what it holds is what the tests below are about
  spec: any;
}

function manifestsFor(chosen: Chosen): readonly Manifest[] {
  return parseAllDocuments(sharedFor("deploy/kubernetes.yaml", chosen), { uniqueKeys: true }).map((one) => {
    expect([...one.errors, ...one.warnings]).toEqual([]);
    return one.toJS() as Manifest;
  });
}

const podOf = (manifests: readonly Manifest[]): PodSpec =>
  manifests.find(({ kind }) => kind === "StatefulSet")?.spec.template.spec as PodSpec;

describe.each(DEPLOYED.map((one) => [nameOf(one), one] as const))("the manifests for %s", (_, chosen) => {
  const manifests = manifestsFor(chosen);
  const pod = podOf(manifests);

  it("keep every control of the Pod Security Standard restricted", () => expect(podFaults(pod)).toEqual([]));

  it("go further: read-only files, bounds, no account at the cluster", () => {
    expect(pod).toMatchObject({ automountServiceAccountToken: false, enableServiceLinks: false });
    for (const { securityContext, resources } of [...(pod.initContainers ?? []), ...pod.containers]) {
      expect(securityContext?.readOnlyRootFilesystem).toBe(true);
      expect(Object.keys(resources?.limits ?? {})).toEqual(["cpu", "memory"]);
    }
  });

  it("deny all traffic that no policy names, and let in one port from one place", () => {
    const policies = manifests.filter(({ kind }) => kind === "NetworkPolicy").map(({ spec }) => spec);
    expect(policies).toContainEqual({ podSelector: {}, policyTypes: ["Ingress", "Egress"] });
    const [opened] = policies.filter((one) => one.ingress !== undefined);
    expect(opened.ingress).toHaveLength(1);
    expect(opened.ingress[0].ports).toEqual([{ protocol: "TCP", port: 3000 }]);
    for (const { from = [], to = [] } of [...opened.ingress, ...opened.egress]) {
      expect(from.length + to.length, "an empty list would mean everybody").toBeGreaterThan(0);
    }
  });

  it("send nothing to the networks inside but what names the store and the resolver", () => {
    const egress = manifests.flatMap(({ spec }) => spec?.egress ?? []);
    const blocks = egress.flatMap((one) => one.to).filter((one) => one.ipBlock !== undefined);
    for (const { ipBlock } of blocks) expect(ipBlock.except).toEqual(expect.arrayContaining(["169.254.0.0/16"]));
    expect(blocks.length > 0).toBe(chosen.auth !== "api-key" || chosen.template === "http-api");
    const ports = egress.flatMap((one) => one.ports).map((one) => one.port);
    expect([ports.includes(5432), ports.includes(6379)]).toEqual([
      chosen.state === "postgres",
      chosen.state === "redis",
    ]);
  });

  it("fit together: one namespace that enforces the standard, selectors and mounts that exist", () => {
    const [namespace] = manifests.filter(({ kind }) => kind === "Namespace");
    expect(namespace?.metadata.labels).toMatchObject({ "pod-security.kubernetes.io/enforce": "restricted" });
    const others = manifests.filter((one) => one !== namespace);
    expect(new Set(others.map(({ metadata }) => metadata.namespace))).toEqual(new Set([namespace?.metadata.name]));
    const set = others.find(({ kind }) => kind === "StatefulSet")?.spec;
    const { labels } = set.template.metadata;
    expect(set.selector.matchLabels).toEqual(labels);
    expect(others.find(({ kind }) => kind === "Service")?.spec.selector).toEqual(labels);
    const claims: Manifest[] = set.volumeClaimTemplates;
    const volumes = [...(pod.volumes ?? []).map((one) => one["name"]), ...claims.map(({ metadata }) => metadata.name)];
    const mounts = [...(pod.initContainers ?? []), ...pod.containers].flatMap((one) => one.volumeMounts ?? []);
    expect(new Set(mounts.map(({ name }) => name))).toEqual(new Set(volumes));
  });

  it("probe from inside, where the monitoring port answers", () => {
    const probes = ["startupProbe", "livenessProbe", "readinessProbe"].map((name) => pod.containers[0]?.[name]);
    for (const probe of probes) {
      expect(probe).toMatchObject({ exec: { command: ["/nodejs/bin/node", "deploy/probe.mjs", expect.any(String)] } });
    }
  });

  it("have more than one replica only where all that is written is shared, and each allows its share then", () => {
    const set = manifests.find(({ kind }) => kind === "StatefulSet")?.spec;
    const isShared = chosen.state !== "sqlite" && chosen.template === "http-api";
    expect(set.replicas).toBe(isShared ? 2 : 1);
    expect(set.volumeClaimTemplates.length === 1, "what it serves is on no volume of a replica").toBe(
      chosen.template === "http-api",
    );
    expect(pod.containers[0]?.["env"] ?? []).toEqual(
      isShared ? [{ name: "HARDENED_MCP_STATE_EXPECTED_REPLICAS", value: "2" }] : [],
    );
  });

  it("mark what leads out as the operator's, and have the line for tools that write", () => {
    const text = sharedFor("deploy/kubernetes.yaml", chosen);
    const marks = text.match(/ipBlock: # yours|port: 443 \} # yours/g) ?? [];
    const blocks = Number(chosen.auth !== "api-key") + Number(chosen.template === "http-api");
    expect(marks).toHaveLength(2 * blocks);
    const [, args = "[]"] = /^ *# args: (.*)$/m.exec(text) ?? [];
    expect(JSON.parse(args)).toEqual(["--config", "deploy/server.config.json", "--allow-write"]);
  });
});

/** One change for each control that must be noticed. */
const SOFTENED: Readonly<Record<string, (pod: PodSpec) => unknown>> = {
  "Host Namespaces": (pod) => Object.assign(pod, { hostNetwork: true }),
  "Privileged Containers": (pod) => Object.assign(pod.containers[0]?.securityContext ?? {}, { privileged: true }),
  "Host Ports": (pod) => Object.assign(pod.containers[0]?.ports?.[0] ?? {}, { hostPort: 3000 }),
  Sysctls: (pod) => Object.assign(pod.securityContext ?? {}, { sysctls: [{ name: "kernel.msgmax", value: "1" }] }),
  "Volume Types": (pod) => pod.volumes?.push({ name: "host", hostPath: { path: "/" } }),
  "Privilege Escalation": (pod) => delete pod.initContainers?.[0]?.securityContext?.allowPrivilegeEscalation,
  "Running as Non-root": (pod) => delete pod.securityContext?.runAsNonRoot,
  "Running as Non-root user": (pod) => Object.assign(pod.securityContext ?? {}, { runAsUser: 0 }),
  Seccomp: (pod) => delete pod.securityContext?.seccompProfile,
  Capabilities: (pod) => pod.containers[0]?.securityContext?.capabilities?.drop?.splice(0),
};

describe("the check of the standard", () => {
  it.each(RESTRICTED.map(([control]) => control))("notices a pod without %s", (control) => {
    const pod = podOf(manifestsFor(DEPLOYED[0]!));
    SOFTENED[control]?.(pod);
    expect(podFaults(pod)).toEqual([control]);
  });
});
