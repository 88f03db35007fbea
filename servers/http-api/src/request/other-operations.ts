import type { ApiOperation, ApiTemplate } from "../model/operation.ts";
import { cutByServers, seenByServers } from "./check-segment.ts";
import { refuseArgument } from "./refuse-argument.ts";

/** Text of a template as it is compared, and `undefined` for a parameter. */
type Pieces = readonly (string | undefined)[];

interface Template {
  readonly path: string;
  readonly segments: readonly Pieces[];
}

const indexes = new WeakMap<readonly ApiTemplate[], ReadonlyMap<string, readonly Template[]>>();
const rivals = new WeakMap<ApiOperation, readonly Template[]>();

/**
 * Refuses values that make the path of one operation the path of another, more specific one: allowed `GET /users/{id}` with `export` asks for
 * `GET /users/export`, which may be denied, or have another effect. Compared as servers route: in any case, decoded, without what they
 * cut off ({@link cutByServers}), and the extension that Rails and Spring take for a format.
 *
 * @param segments encoded, below the base
 * @param templates all of the API's, offered or not
 * @throws {CallError} `invalid_input`
 */
export function refuseOtherOperations(
  operation: ApiOperation,
  segments: readonly string[],
  templates: readonly ApiTemplate[],
): void {
  const others = rivalsOf(operation, templates);
  if (others.length === 0) return;
  const readings = readingsOf(segments, operation);
  const other = others.find((one) => readings.some((reading) => fitsAll(one.segments, reading)));
  if (other === undefined) return;
  refuseArgument(argumentAt(operation, other), "would make this the path of another operation.", "other_operation");
}

/** Templates that have text where this operation has a parameter: only they can be reached by a value. Found once, with the first call. */
function rivalsOf(operation: ApiOperation, templates: readonly ApiTemplate[]): readonly Template[] {
  const known = rivals.get(operation);
  if (known !== undefined) return known;
  const own = templateOf(operation.path);
  const index = indexOf(templates);
  const found = (index.get(methodKey(operation.method)) ?? []).filter((other) =>
    isRival(own, other, operation.slashes),
  );
  rivals.set(operation, found);
  return found;
}

function indexOf(templates: readonly ApiTemplate[]): ReadonlyMap<string, readonly Template[]> {
  const known = indexes.get(templates);
  if (known !== undefined) return known;
  const made = new Map<string, Template[]>();
  for (const { method, path } of templates) {
    const key = methodKey(method);
    const list = made.get(key) ?? [];
    made.set(key, list);
    list.push(templateOf(path));
  }
  indexes.set(templates, made);
  return made;
}

/** Servers answer HEAD by what they have for GET. */
function methodKey(method: ApiTemplate["method"]): string {
  return method === "HEAD" ? "GET" : method;
}

function isRival(own: Template, other: Template, slashes: ApiOperation["slashes"]): boolean {
  if (!own.path.includes("{") || other.path === own.path) return false;
  // A slash that is let through can make more segments of one.
  if (slashes === "encode" && other.segments.length > own.segments.length) return true;
  if (other.segments.length !== own.segments.length) return false;
  return (
    differing(own, other) !== -1 &&
    own.segments.every((pieces, at) => pieces.includes(undefined) || fits(other.segments[at] ?? [], pieces.join("")))
  );
}

/** The first segment in which `own` has a parameter, and `other` has text of its own. */
function differing(own: Template, other: Template): number {
  return own.segments.findIndex((pieces, at) => {
    const its = other.segments[at] ?? [];
    return pieces.includes(undefined) && its.some((piece) => piece !== undefined) && shapeOf(its) !== shapeOf(pieces);
  });
}

function shapeOf(pieces: Pieces): string {
  return pieces.map((piece) => piece ?? "{}").join("");
}

/** An argument to name: one of the segment that the other operation has text in. */
function argumentAt({ path, parameters }: ApiOperation, other: Template): string {
  const own = templateOf(path);
  const at = differing(own, other);
  const raw = path.split("/").slice(1)[at === -1 ? own.segments.findIndex((one) => one.includes(undefined)) : at] ?? "";
  const name = /\{([^{}]*)\}/.exec(raw)?.[1];
  return parameters.find((one) => one.in === "path" && one.name === name)?.argument ?? "of the path";
}

function templateOf(path: string): Template {
  const segments = withoutEnd(path.slice(1).split("/")).map((segment) =>
    segment
      .split(/(\{[^{}]*\})/)
      .filter((piece) => piece !== "")
      .map((piece) => (piece.startsWith("{") ? undefined : seenByServers(decoded(piece)))),
  );
  return { path, segments };
}

/** `/users/` and `/users` are one to most routers. */
function withoutEnd(segments: readonly string[]): readonly string[] {
  return segments.at(-1) === "" ? segments.slice(0, -1) : segments;
}

/** The path as servers of several kinds read it. */
function readingsOf(segments: readonly string[], { slashes }: ApiOperation): readonly (readonly string[])[] {
  const read = segments.map((segment) => seenByServers(decoded(segment)));
  const split = slashes === "encode" ? read.flatMap((segment) => segment.split("/")) : read;
  const plain = withoutEnd(split);
  const cut = plain.map(cutByServers);
  const last = cut.at(-1) ?? "";
  return [plain, cut, [...cut.slice(0, -1), last.replace(/(?<=.)\.[a-z0-9]{1,8}$/, "")]];
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function fitsAll(segments: readonly Pieces[], reading: readonly string[]): boolean {
  return segments.length === reading.length && segments.every((pieces, at) => fits(pieces, reading[at] ?? ""));
}

/** Piece by piece, without going back, so that no value makes it slow: every parameter takes one character at least. */
function fits(pieces: Pieces, text: string): boolean {
  let at = 0;
  let isOpen = false;
  for (const [index, piece] of pieces.entries()) {
    if (piece === undefined) {
      isOpen = true;
      at++;
      continue;
    }
    const isLast = index === pieces.length - 1;
    const found = isOpen && isLast ? text.length - piece.length : isOpen ? text.indexOf(piece, at) : at;
    if (found < at || !text.startsWith(piece, found)) return false;
    at = found + piece.length;
    isOpen = false;
  }
  return isOpen ? at <= text.length : at === text.length;
}
