import { readPublicFile, readSecretText, resolvePath } from "./secret-file.ts";
import type { ShipConfig } from "./ship-schema.ts";

type Export = NonNullable<ShipConfig["exports"]>[number];
type Anchor = NonNullable<ShipConfig["anchors"]>[number];

/** The files of one target's settings, where no shell expands `~`. */
interface Files {
  readonly caFile?: string;
  readonly certFile?: string;
  readonly keyFile?: string;
  readonly bearerFile?: string;
  readonly headerFiles?: Readonly<Record<string, string>>;
}

/** Secrets that a configuration of shipping names: what no client may read. */
export function shippingSecretFiles({ exports = [], anchors = [] }: ShipConfig): readonly string[] {
  return [...exports, ...anchors].flatMap((target) => {
    const { keyFile, bearerFile, headerFiles } = filesOf(target);
    return [keyFile, bearerFile, ...Object.values(headerFiles ?? {})]
      .filter((file) => file !== undefined)
      .map(resolvePath);
  });
}

/**
 * An export with paths that the audit package takes, each read once: what is missing is found at start, and named.
 *
 * @throws {ConfigError}
 */
export function exportWithFiles(target: Export, at: string): Export {
  return "otlp" in target
    ? { ...target, otlp: resolved(target.otlp, `${at}.otlp`) }
    : { ...target, syslog: resolved(target.syslog, `${at}.syslog`) };
}

/** {@link exportWithFiles} for an anchor. The file that it writes need not be there. */
export function anchorWithFiles(target: Anchor, at: string): Anchor {
  if ("otlp" in target || "syslog" in target) return exportWithFiles(target, at);
  return "file" in target ? { ...target, file: resolvePath(target.file) } : resolved(target, at);
}

function filesOf(target: Export | Anchor): Files {
  if ("otlp" in target) return target.otlp;
  if ("syslog" in target) return target.syslog;
  return "file" in target ? {} : target;
}

function resolved<T extends Files>(settings: T, at: string): T {
  const { caFile, certFile, keyFile, bearerFile, headerFiles } = settings;
  for (const [name, file] of Object.entries({ caFile, certFile })) {
    if (file !== undefined) readPublicFile(file, `${at}.${name}`);
  }
  for (const [name, file] of Object.entries({ keyFile, bearerFile, ...headerFiles })) {
    if (file !== undefined) readSecretText(file, `${at}.${name}`);
  }
  const paths = Object.entries({ caFile, certFile, keyFile, bearerFile }).flatMap(([name, file]) =>
    file === undefined ? [] : [[name, resolvePath(file)]],
  );
  const headers = Object.entries(headerFiles ?? {}).map(([name, file]) => [name, resolvePath(file)]);
  return {
    ...settings,
    ...Object.fromEntries(paths),
    ...(headerFiles === undefined ? {} : { headerFiles: Object.fromEntries(headers) }),
  };
}
