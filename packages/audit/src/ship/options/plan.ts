import { resolve } from "node:path";
import { type Check, invalid, isObject, object, optional, text } from "./check.ts";
import type { ShippingOptions } from "./options.ts";
import {
  anchorFile,
  type HttpSettings,
  httpTarget,
  type OtlpSettings,
  otlpTarget,
  type SyslogSettings,
  syslogTarget,
} from "./target-options.ts";

/** How to reach a target. */
export type Way =
  | { readonly way: "otlp"; readonly settings: OtlpSettings }
  | { readonly way: "syslog"; readonly settings: SyslogSettings }
  | { readonly way: "http"; readonly settings: HttpSettings }
  | { readonly way: "file"; readonly path: string };

/** A target, checked, with every default. */
export interface PlannedTarget {
  readonly name: string;
  readonly kind: "export" | "anchor";
  readonly to: Way;
}

/** What the worker is to do. Plain data, so that it can be handed to a thread. */
export interface Plan {
  readonly dir: string;
  readonly targets: readonly PlannedTarget[];
}

const name = optional(text(/^[a-z0-9][a-z0-9-]{0,31}$/, "lower-case letters, digits and '-', at most 32"));

/** @throws {AuditError} `invalid`, naming the option */
export function planShipping(options: ShippingOptions): Plan {
  const { dir, exports, anchors } = object({
    dir: text(/^[^\0]{1,4096}$/, "a folder"),
    exports: list((value, at) => target("export", value, at)),
    anchors: list((value, at) => target("anchor", value, at)),
    onStatus: (value) => value,
  })(options, "shipping");
  const targets = [...exports, ...anchors];
  if (targets.length === 0) throw invalid("shipping", "neither exports nor anchors");
  const twice = targets.find((one, index) => targets.findIndex((other) => other.name === one.name) !== index);
  // Cursors are by name: two targets of one name would skip each other's records.
  if (twice !== undefined)
    throw invalid("shipping", `two targets are named ${twice.name}; give each a name of its own`);
  return { dir: resolve(dir), targets };
}

function list<T>(check: Check<T>): Check<readonly T[]> {
  return (value, at) => {
    if (value === undefined) return [];
    if (!Array.isArray(value) || value.length > 16) throw invalid(at, "must be a list of at most 16");
    return value.map((one, index) => check(one, `${at}[${index}]`));
  };
}

function target(kind: PlannedTarget["kind"], value: unknown, at: string): PlannedTarget {
  if (!isObject(value)) throw invalid(at, "must be an object");
  const prefix = kind === "anchor" ? "anchor-" : "";
  const named = (to: Way, given: string | undefined) => ({ name: given ?? prefix + to.way, kind, to });
  if ("otlp" in value) {
    const read = object({ name, otlp: otlpTarget })(value, at);
    return named({ way: "otlp", settings: read.otlp }, read.name);
  }
  if ("syslog" in value) {
    const read = object({ name, syslog: syslogTarget })(value, at);
    return named({ way: "syslog", settings: read.syslog }, read.name);
  }
  if (kind === "anchor" && "file" in value) {
    const read = object({ name, file: anchorFile })(value, at);
    return named({ way: "file", path: read.file }, read.name);
  }
  if (kind === "anchor" && "url" in value) {
    const { name: given, ...rest } = value;
    return named({ way: "http", settings: httpTarget(rest, at) }, name(given, `${at}.name`));
  }
  throw invalid(at, kind === "anchor" ? "one of file, url, otlp, syslog" : "one of otlp, syslog");
}
