import { closeSync, constants, fstatSync, openSync, readdirSync, readSync, type Stats, statSync } from "node:fs";
import { basename, join } from "node:path";
import { didYouMean } from "../../text/nearest.ts";
import type { Finding } from "../finding.ts";

/** Bounds of a policy folder. */
export const FILE_LIMITS = { maxFiles: 100, maxFileBytes: 1_048_576, maxTotalBytes: 8_388_608 } as const;

/** Where policies are: a file, a folder, or a list of files. */
export type PolicySource = string | { readonly files: readonly string[] };

/** What a name says a file holds. */
export type FileKind = "policies" | "manifest" | "principals";

export interface SourceFile {
  /** The path as given, or the name within the folder. */
  readonly name: string;
  readonly kind: FileKind;
  readonly text: string;
}

type Report = (file: string, code: string, message: string, severity?: Finding["severity"]) => void;

/** Reads what `source` names. What cannot be read, or is nothing a policy folder holds, is reported. */
export function readFiles(source: PolicySource, report: Report): readonly SourceFile[] {
  const paths = pathsOf(source, report);
  if (paths.length > FILE_LIMITS.maxFiles) {
    report(paths[0]?.name ?? "", "too-large", `There are more than ${FILE_LIMITS.maxFiles} files.`);
    return [];
  }
  let left: number = FILE_LIMITS.maxTotalBytes;
  const files: SourceFile[] = [];
  for (const { path, name } of paths) {
    const kind = kindOf(name);
    if (kind === undefined) {
      report(name, "unknown-file", unknownFile(name));
      continue;
    }
    const text = readText(path, name, left, report);
    if (text === undefined) continue;
    left -= Buffer.byteLength(text);
    files.push({ name, kind, text });
  }
  return files;
}

function pathsOf(source: PolicySource, report: Report): readonly { readonly path: string; readonly name: string }[] {
  if (typeof source !== "string") return source.files.map((path) => ({ path, name: path }));
  try {
    const stat = statSync(source);
    if (!stat.isDirectory()) return [{ path: source, name: source }];
    checkWriters(source, stat, report);
    return readdirSync(source)
      .sort()
      .filter((name) => !name.startsWith(".") && !name.endsWith(".md"))
      .map((name) => ({ path: join(source, name), name }));
  } catch (error) {
    report(source, "unreadable", `It cannot be read (${codeOf(error)}). Name a .cedar file, or a folder with some.`);
    return [];
  }
}

function kindOf(name: string): FileKind | undefined {
  if (name.endsWith(".cedar")) return "policies";
  if (name.endsWith(".manifest.json")) return "manifest";
  return basename(name) === "principals.json" ? "principals" : undefined;
}

/** A rule in `forbid.ceder` that is passed over in silence is a rule that does not forbid. */
function unknownFile(name: string): string {
  const ending = /(?<=.)\..*$/.exec(basename(name))?.[0] ?? "";
  const near = didYouMean(ending, [".cedar", ".manifest.json"]);
  return `A policy folder holds *.cedar, *.manifest.json, principals.json and *.md.${near} Rename it, or move it away.`;
}

function readText(path: string, name: string, left: number, report: Report): string | undefined {
  let fd: number | undefined;
  try {
    // A pipe would otherwise be waited for; what it is, the descriptor tells.
    fd = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    const stat = fstatSync(fd);
    if (!stat.isFile()) {
      report(name, "unreadable", "It is not a file. Folders within a policy folder are not read.");
      return undefined;
    }
    const most = Math.min(FILE_LIMITS.maxFileBytes, left);
    const bytes = Buffer.alloc(Math.min(stat.size, most) + 1);
    const length = readSync(fd, bytes, 0, bytes.length, 0);
    if (length > most || length === bytes.length) {
      report(name, "too-large", `It is larger than ${most} bytes. Divide it, or remove what no rule needs.`);
      return undefined;
    }
    checkWriters(name, stat, report);
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(0, length));
  } catch (error) {
    report(name, "unreadable", `It cannot be read (${codeOf(error)}).`);
    return undefined;
  } finally {
    if (fd !== undefined) closeSync(fd);
  }
}

/** Whoever can write to the rules, or put a file beside them, makes the rules. A group may be the operators'; all is nobody. */
function checkWriters(name: string, { mode }: Stats, report: Report): void {
  if (process.platform === "win32") return;
  if ((mode & 0o002) !== 0) {
    report(name, "writable-by-all", "Every user of this machine may change it, and with it the rules. chmod o-w it.");
  } else if ((mode & 0o020) !== 0) {
    report(name, "writable-by-group", "Everybody in its group may change the rules. chmod g-w it.", "warning");
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "error";
}
