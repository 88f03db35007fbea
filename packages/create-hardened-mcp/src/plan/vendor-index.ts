import { UsageError } from "@hardened-mcp/server/flags";

/** One packed package, as `vendor.json` lists it. */
export interface Packed {
  readonly version: string;
  /** Name of the file, in the same folder. */
  readonly file: string;
  /** Of the file's bytes, as in a lock file: `sha512-` and base64. */
  readonly integrity: string;
  /** Those of its dependencies that are packed, too. */
  readonly dependencies: readonly string[];
}

const NAME = /^@hardened-mcp\/[a-z][a-z0-9-]{0,62}$|^create-hardened-mcp$/;

/** What each field has to be. Version and file go into package.json: no path, no URL, no more than their characters. */
const FIELDS: Readonly<Record<keyof Packed, (value: unknown) => boolean>> = {
  version: (value) => isText(value, /^\d{1,9}\.\d{1,9}\.\d{1,9}(?:-[0-9A-Za-z.-]{1,64})?$/),
  file: (value) => isText(value, /^[0-9A-Za-z][\w.-]{0,200}\.tgz$/),
  integrity: (value) => isText(value, /^sha512-[0-9A-Za-z+/]{86}==$/),
  dependencies: (value) => Array.isArray(value) && value.every((name) => isText(name, NAME)),
};

/**
 * The packages of a `vendor.json`, by name.
 *
 * @param path how it is called in the message
 * @throws {UsageError} anything in it is not as `scripts/pack.mjs` of the repository writes it
 */
export function parseIndex(text: string, path: string): ReadonlyMap<string, Packed> {
  const refuse = (what: string): never => {
    throw new UsageError(`--vendor: ${path} ${what}. scripts/pack.mjs of the repository writes it.`);
  };
  const index = readObject(text) ?? refuse("cannot be read as JSON");
  const packages = isObject(index["packages"]) ? index["packages"] : refuse("lists no packages");
  const others = Object.keys(index).filter((key) => key !== "packages");
  if (others.length > 0) refuse(`has an unknown field ${JSON.stringify(others[0])}`);
  for (const [name, entry] of Object.entries(packages)) {
    if (!NAME.test(name)) refuse(`lists ${JSON.stringify(name)}, which is no package of ours`);
    const wrong = isObject(entry) ? wrongField(entry) : "entry";
    if (wrong !== undefined) refuse(`lists ${name} with a wrong ${wrong}`);
  }
  const files = Object.values(packages as Record<string, Packed>).map(({ file }) => file);
  const twice = files.find((file, index) => files.indexOf(file) !== index);
  if (twice !== undefined) refuse(`lists ${twice} twice`);
  return new Map(Object.entries(packages as Record<string, Packed>));
}

function wrongField(entry: Readonly<Record<string, unknown>>): string | undefined {
  const unknown = Object.keys(entry).find((key) => !Object.hasOwn(FIELDS, key));
  return unknown ?? Object.entries(FIELDS).find(([key, isRight]) => !isRight(entry[key]))?.[0];
}

function readObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isText(value: unknown, pattern: RegExp): boolean {
  return typeof value === "string" && pattern.test(value);
}
