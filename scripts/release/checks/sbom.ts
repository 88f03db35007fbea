import type { Findings } from "../candidate.ts";
import type { Installed } from "../closure.ts";
import type { Bom, Component } from "../sbom/bom.ts";
import { schemaErrors } from "../sbom/schema.ts";

/** `name@version` of a package URL of npm. */
const named = ({ purl }: Component): string => decodeURIComponent(purl.replace(/^pkg:npm\//, ""));

/**
 * The bill of materials must be what the standard says, list just what is installed, and say of each part under which licence
 * it is and which bytes it is. A list that leaves something out is worse than none: it is believed.
 *
 * @param closure what was found by following the installed manifests, another way than the list was made
 */
export function checkSbom(bom: Bom, closure: readonly Installed[]): Findings {
  const findings = schemaErrors(bom).map((error) => `the SBOM breaks the schema: ${error}`);
  const listed = new Set(bom.components.map(named));
  const there = new Set(closure.map(({ name, version }) => `${name}@${version}`));
  for (const one of there) if (!listed.has(one)) findings.push(`the SBOM leaves out ${one}`);
  for (const one of listed) if (!there.has(one)) findings.push(`the SBOM lists ${one}, which is not installed with it`);
  for (const component of [bom.metadata.component, ...bom.components]) {
    if ((component.licenses ?? []).length === 0) findings.push(`the SBOM has no licence of ${named(component)}`);
    const hashes = [component, ...(component.externalReferences ?? [])].flatMap((one) => one.hashes ?? []);
    if (!hashes.some(({ alg }) => alg === "SHA-512")) findings.push(`the SBOM has no hash of ${named(component)}`);
  }
  return findings;
}
