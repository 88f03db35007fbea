import { hash } from "node:crypto";

/** A configuration as one level of `key.path` to value, fit to be put on record. */
export type FlatConfig = ReadonlyMap<string, string | number | boolean>;

/** Names of what must not be shown. Secrets belong in files; a server that takes one in its configuration gets no record of it. */
const SECRET = /secret|token|pass|credential|private|authorization|cookie|salt|keys?$/i;
/** A name that says where a secret is, not what. */
const PLACE = /(?:file|path|dir)$/i;
const MASKED = "(masked)";
/** Items of a list that are shown; all of them count, and are in the hash. */
const MAX_ITEMS = 16;
const MAX_DEPTH = 8;

/**
 * Flattens a configuration. Values of secret-like names are masked, and so is what a URL carries of user, password and
 * query; texts go through `redact`, which knows the shapes of tokens. A list is its length and its items; of objects in a
 * list each member is judged by its own name, so that `apiKeys` show whom they are for.
 *
 * @param redact for every text that is shown
 */
export function flattenConfig(config: unknown, redact: (text: string) => string): FlatConfig {
  const flat = new Map<string, string | number | boolean>();
  const add = (path: string, name: string, value: unknown, depth: number): void => {
    if (value === undefined) return;
    if (isSecret(name, value)) flat.set(path, MASKED);
    else if (typeof value === "number" || typeof value === "boolean") flat.set(path, value);
    else if (typeof value === "string") flat.set(path, redact(withoutLogin(value)));
    else if (typeof value !== "object" || value === null) flat.set(path, value === null ? "null" : `(${typeof value})`);
    else if (depth === MAX_DEPTH) flat.set(path, "(deeper)");
    else if (Array.isArray(value)) {
      flat.set(path, value.length);
      for (const [index, item] of value.entries()) {
        const isRecord = typeof item === "object" && !Array.isArray(item);
        // Of a command, the program: its arguments may be a PIN or a token.
        if (name === "command" && index > 0) flat.set(`${path}.${index}`, MASKED);
        else add(`${path}.${index}`, isRecord ? "" : name, item, depth + 1);
      }
    } else {
      for (const [key, child] of Object.entries(value))
        add(path === "" ? key : `${path}.${key}`, key, child, depth + 1);
    }
  };
  add("", "", config, 0);
  return flat;
}

/** What of it goes on record: of a long list, the first items. */
export function shownConfig(flat: FlatConfig): FlatConfig {
  const isFar = (path: string): boolean =>
    path.split(".").some((step) => /^\d+$/.test(step) && Number(step) >= MAX_ITEMS);
  return new Map([...flat].filter(([path]) => !isFar(path)));
}

function isSecret(name: string, value: unknown): boolean {
  return typeof value !== "boolean" && !Array.isArray(value) && SECRET.test(name) && !PLACE.test(name);
}

/**
 * SHA-256, base64url, of what {@link flattenConfig} shows. Of that alone: over what is masked, a hash without a key would
 * let its reader try one secret after the other.
 */
export function configHash(flat: FlatConfig): string {
  return hash("sha256", JSON.stringify([...flat]), "base64url");
}

/** `//user:password@host` and `?token=` are where secrets slip into a URL. */
function withoutLogin(text: string): string {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) return text;
  return text.replace(/\/\/[^/?#]*@/, `//${MASKED}@`).replace(/\?[^#]*/, `?${MASKED}`);
}
