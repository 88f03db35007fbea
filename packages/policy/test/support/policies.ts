import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Principal } from "@hardened-mcp/auth/principal";
import { type CedarPolicy, type CedarPolicyOptions, createCedarPolicy } from "../../src/cedar/decide/cedar-policy.ts";
import {
  type LoadedPolicies,
  loadPolicies,
  type PolicyReading,
  readPolicies,
} from "../../src/cedar/load/load-policies.ts";
import type { ServerManifest } from "../../src/manifest/manifest.ts";
import type { PolicyTarget } from "../../src/policy.ts";
import { MANIFESTS } from "./manifests.ts";

/** A folder with these files, gone when `use` is through. */
export function inFolder<T>(files: Readonly<Record<string, string>>, use: (folder: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "policy-"));
  try {
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text, { mode: 0o600 });
    return use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export function load(text: string, manifests: readonly ServerManifest[] = MANIFESTS): LoadedPolicies {
  return inFolder({ "policy.cedar": text }, (folder) => loadPolicies(folder, { manifests }));
}

export function read(
  text: string,
  more: Readonly<Record<string, string>> = {},
  manifests: readonly ServerManifest[] = MANIFESTS,
): PolicyReading {
  return inFolder({ "policy.cedar": text, ...more }, (folder) => readPolicies(folder, { manifests }));
}

export function policyOf(text: string, options: Partial<CedarPolicyOptions> = {}): CedarPolicy {
  return createCedarPolicy({ policies: load(text), server: "filesystem", ...options });
}

export function target(name: string, manifests: readonly ServerManifest[] = MANIFESTS): PolicyTarget {
  const operation = manifests.flatMap(({ operations }) => operations).find((one) => one.name === name);
  if (operation === undefined) throw new Error(`no ${name}`);
  const { inputSchema, ...rest } = operation;
  return rest;
}

export const LIST: PolicyTarget = {
  method: "tools/list",
  name: "tools/list",
  effect: "read",
  scope: undefined,
  needsApproval: false,
};

const ALL_SCOPES = ["files:read", "files:write", "db:read", "db:write", "db:send"];

export function person(subject: string, more: Partial<Principal> = {}): Principal {
  return {
    issuer: "https://idp.example",
    subject,
    scopes: new Set(ALL_SCOPES),
    roles: [],
    assurance: "token",
    ...more,
  };
}
