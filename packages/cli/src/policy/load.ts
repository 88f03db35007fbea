import { formatFinding, type LoadedPolicies, loadPolicies, PolicyError } from "@hardened-mcp/policy/cedar";
import { exit, Failure, UsageError } from "../exit.ts";
import type { Flags } from "../flags.ts";
import { located } from "./located.ts";
import { manifestsOf } from "./manifests.ts";
import { policyPath } from "./options.ts";

/** The policies of the command line. @throws {Failure} 78, with every error by file and line */
export async function loadedPolicies(flags: Flags): Promise<LoadedPolicies> {
  const path = policyPath(flags);
  const manifests = await manifestsOf(flags);
  try {
    return loadPolicies(path, { manifests });
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    const lines = error.findings.map((finding) => formatFinding(located(path, finding)));
    throw new Failure(exit.configuration, ["The policies cannot be used:", ...lines].join("\n"));
  }
}

/** What the policies do not know (a caller, a server, a tool) stood on the command line. */
export function asUsage<T>(ask: () => T): T {
  try {
    return ask();
  } catch (error) {
    if (error instanceof TypeError) throw new UsageError(error.message);
    throw error;
  }
}
