import type { ApiTemplate, HttpMethod, LeftOut } from "../model/operation.ts";
import { READING_METHODS, WRITING_METHODS } from "../model/operation.ts";
import { deref } from "../schema/refs.ts";
import { isNode, isStrings, own, type SchemaNode } from "../schema/words.ts";
import { DOCUMENT_LIMITS } from "./limits.ts";
import { pathProblem } from "./path-template.ts";
import { shownName } from "./text/plain-text.ts";
import { isReadable } from "./text/readable.ts";

/** One operation as a document has it. */
export interface Entry {
  readonly method: HttpMethod;
  readonly path: string;
  /** `METHOD /path`. */
  readonly label: string;
  /** Its `operationId`, where no other has the same; else {@link label}. */
  readonly id: string;
  readonly operationId: string | undefined;
  readonly tags: readonly string[];
  readonly node: SchemaNode;
  readonly pathItem: SchemaNode;
  /** Why no tool can be made of it, whatever the configuration says. */
  readonly unfit: Omit<LeftOut, "where"> | undefined;
}

const METHODS: ReadonlySet<string> = new Set([...READING_METHODS, ...WRITING_METHODS]);
/** Members of a path item that are operations, though no tools (OpenAPI 3.2 has `query`). */
const OTHER_METHODS: ReadonlySet<string> = new Set(["options", "trace", "query", "connect"]);

/** Every operation of a document, in its order, and what is none. */
export function entriesOf(root: SchemaNode): {
  readonly entries: readonly Entry[];
  readonly leftOut: readonly LeftOut[];
  /** Where the API has operations, as a server routes them; also of those that are not read. */
  readonly templates: readonly ApiTemplate[];
} {
  const leftOut: LeftOut[] = [];
  const templates: ApiTemplate[] = [];
  const found: Omit<Entry, "id">[] = [];
  const paths = own(root, "paths");
  for (const [path, item] of Object.entries(isNode(paths) ? paths : {})) {
    if (path.startsWith("x-")) continue;
    const pathItem = deref(root, item);
    const problem = pathProblem(path);
    // Written as a parser reads it, a path holds nothing that a person does not see.
    const shown = problem === undefined ? path : shownPath(path);
    if (!isNode(pathItem)) {
      leftOut.push(operation(shown, "unresolved_ref", "The path leads out of the document, or to nothing."));
      continue;
    }
    for (const [key, node] of Object.entries(pathItem)) {
      const method = key.toUpperCase();
      const label = `${method} ${shown}`;
      if (OTHER_METHODS.has(key)) leftOut.push(operation(label, "method", "No tool is made for this method."));
      if (!METHODS.has(method) || key !== key.toLowerCase()) continue;
      // Some documents tell operations of one path apart by a query.
      templates.push({ method: method as HttpMethod, path: path.replace(/[?#].*$/s, "") });
      if (!isNode(node)) leftOut.push(operation(label, "bad_operation", "It is no object."));
      else if (found.length === DOCUMENT_LIMITS.maxOperations) {
        leftOut.push(
          operation(label, "too_many", `Only the first ${DOCUMENT_LIMITS.maxOperations} operations are read.`),
        );
      } else {
        const operationId = own(node, "operationId");
        found.push({
          method: method as HttpMethod,
          path,
          label,
          operationId: typeof operationId === "string" && operationId !== "" ? operationId : undefined,
          tags: tagsOf(node),
          node,
          pathItem,
          unfit:
            problem !== undefined
              ? { reason: "path", message: problem, what: "operation" }
              : isElsewhere(root, pathItem, node)
                ? {
                    reason: "other_server",
                    message: "It has a server of its own, and only the base URL is asked.",
                    what: "operation",
                  }
                : undefined,
        });
      }
    }
  }
  return { entries: withIds(found, leftOut), leftOut, templates };
}

/** Two operations with one id cannot be told apart by it: neither keeps it, or a name in the configuration could open the wrong one. */
function withIds(found: readonly Omit<Entry, "id">[], leftOut: LeftOut[]): readonly Entry[] {
  const counts = new Map<string, number>();
  for (const { operationId } of found) {
    if (operationId !== undefined) counts.set(operationId, (counts.get(operationId) ?? 0) + 1);
  }
  return found.map((entry) => {
    const { operationId, label } = entry;
    if (operationId === undefined) return { ...entry, id: label };
    const isPlain = isPlainId(operationId);
    if (isPlain && counts.get(operationId) === 1) return { ...entry, id: operationId };
    leftOut.push({
      where: label,
      reason: isPlain ? "duplicate_id" : "operation_id",
      message: isPlain
        ? "Another operation has the same operationId; it is known as METHOD /path."
        : "Its operationId is long, hides characters, gives a model orders, or looks like METHOD /path. It is known as METHOD /path.",
      what: "part",
    });
    return { ...entry, id: label, operationId: undefined };
  });
}

/** One that looks like the label of another operation would be taken for it where a configuration names that. */
function isPlainId(id: string): boolean {
  return id.length <= MAX_ID && isReadable(id) && !/[\r\n]/.test(id) && !/^\s*[a-z]+\s+\//i.test(id);
}

/** What a configuration can name, and audit records hold. */
const MAX_ID = 512;

function isElsewhere(root: SchemaNode, pathItem: SchemaNode, node: SchemaNode): boolean {
  const servers = own(node, "servers") ?? own(pathItem, "servers");
  if (!Array.isArray(servers) || servers.length === 0) return false;
  return JSON.stringify(servers.map(urlOf)) !== JSON.stringify(serversOf(root).map(urlOf));
}

function urlOf(server: unknown): unknown {
  return isNode(server) ? own(server, "url") : undefined;
}

export function serversOf(root: SchemaNode): readonly unknown[] {
  const servers = own(root, "servers");
  return Array.isArray(servers) ? servers : [];
}

function tagsOf(node: SchemaNode): readonly string[] {
  const tags = own(node, "tags");
  return isStrings(tags) ? tags : [];
}

/** A path for a person: no hidden characters, not too long. */
function shownPath(path: string): string {
  const shown = shownName(path, 200) ?? "(unreadable path)";
  // Shown like another path, it would take that one's place where a configuration names it.
  return shown === path ? shown : `${shown} (not as written)`;
}

function operation(where: string, reason: string, message: string): LeftOut {
  return { where, reason, message, what: "operation" };
}
