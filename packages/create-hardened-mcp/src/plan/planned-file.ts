/** One file of the project, before it is written. */
export interface PlannedFile {
  /** `/`-separated, relative to the project. */
  readonly path: string;
  /** {@link MODE} unless it says otherwise; the folder of a file that only the owner may read is the owner's alone, too. */
  readonly mode?: 0o600;
  /** Not replaced where it exists: what is lost with it cannot be made again. */
  readonly keep?: true;
  /** Where it exists its lines stay, and new ones are added. */
  readonly joined?: true;
  readonly data: string | Uint8Array;
}

/** Never writable by others, whatever the umask: who can write a policy or a configuration decides who may call. */
export const MODE = 0o644;

/** A JSON file as the formatter of the project leaves it. */
export function jsonFile(path: string, value: unknown): PlannedFile {
  return { path, data: `${formatJson(value)}\n` };
}

/** Widest line that the formatter leaves alone. */
const WIDTH = 120;

/** Like biome: a list stands on one line where it has no objects and fits, but in a package.json. */
export function formatJson(value: unknown, indent = "", column = 0): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    if (value.length === 0) return "[]";
    const line = `[${value.map((item) => JSON.stringify(item)).join(", ")}]`;
    const isPlain = value.every((item) => typeof item !== "object" || item === null);
    if (isPlain && column + line.length < WIDTH) return line;
    return `[\n${value.map((item) => inner + formatJson(item, inner, inner.length)).join(",\n")}\n${indent}]`;
  }
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  if (entries.length === 0) return "{}";
  const lines = entries.map(([key, item]) => {
    const head = `${inner}${JSON.stringify(key)}: `;
    return head + formatJson(item, inner, head.length);
  });
  return `{\n${lines.join(",\n")}\n${indent}}`;
}
