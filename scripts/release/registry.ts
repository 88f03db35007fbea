/** Where everything is published, and asked for. */
export const REGISTRY = "https://registry.npmjs.org";

/**
 * The hash of the tarball that the registry has of a package at this version; undefined: it has none.
 *
 * @returns as in a lock file: `sha512-` and base64
 * @throws {Error} the registry says neither yes nor no: publishing over an unknown state is worse than not publishing
 */
export async function publishedIntegrity(
  name: string,
  version: string,
  registry: string = REGISTRY,
): Promise<string | undefined> {
  const response = await fetch(`${registry}/${name.replace("/", "%2f")}/${version}`);
  if (response.status === 404) return undefined;
  if (response.status !== 200) throw new Error(`${registry} answers ${response.status} for ${name} ${version}`);
  const { dist } = (await response.json()) as { dist?: { integrity?: unknown } };
  if (typeof dist?.integrity !== "string") throw new Error(`${registry} names no hash of ${name} ${version}`);
  return dist.integrity;
}
