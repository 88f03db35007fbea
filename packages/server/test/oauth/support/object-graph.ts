/** Far more than a handler can reach; a walk that ends here has not seen everything, and says so. */
const MAX_OBJECTS = 500_000;

/**
 * Where `needle` can be read from `root`: by properties of any kind, own or inherited, getters included, and by what
 * collections, weak references and buffers hold. The path of the first find, or `undefined`.
 */
export function pathTo(needle: string, root: unknown): string | undefined {
  const seen = new Set<unknown>();
  const waiting: (readonly [path: string, value: unknown])[] = [["root", root]];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const [path, value] = next;
    if (holds(value, needle)) return path;
    if (!isObject(value) || seen.has(value)) continue;
    seen.add(value);
    if (seen.size > MAX_OBJECTS) throw new Error(`More than ${MAX_OBJECTS} objects, the last at ${path}.`);
    for (const [name, inside] of insideOf(value)) waiting.push([`${path}.${name}`, inside]);
  }
  return undefined;
}

function holds(value: unknown, needle: string): boolean {
  if (typeof value === "string") return value.includes(needle);
  if (typeof value === "symbol") return value.description?.includes(needle) ?? false;
  if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) {
    const bytes = value instanceof ArrayBuffer ? Buffer.from(value) : Buffer.from(value.buffer);
    return bytes.includes(needle);
  }
  return false;
}

function isObject(value: unknown): value is object {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}

function* insideOf(value: object): Generator<readonly [name: string, inside: unknown]> {
  for (let owner: object | null = value; owner !== null; owner = Object.getPrototypeOf(owner)) {
    yield ["[[Prototype]]", Object.getPrototypeOf(owner)];
    for (const key of Reflect.ownKeys(owner)) yield [String(key), read(value, owner, key)];
  }
  if (value instanceof Map)
    yield* [...value].flatMap(([key, held]) => [["key", key] as const, ["value", held] as const]);
  if (value instanceof Set) yield* [...value].map((held) => ["member", held] as const);
  if (value instanceof WeakRef) yield ["deref()", value.deref()];
  if (value instanceof Headers || value instanceof URLSearchParams) yield ["entries", [...value]];
}

/** A getter is called as a handler would call it; one that throws tells nothing. */
function read(value: object, owner: object, key: PropertyKey): unknown {
  const property = Reflect.getOwnPropertyDescriptor(owner, key);
  if (property?.get === undefined) return property?.value;
  try {
    return Reflect.get(owner, key, value);
  } catch {
    return undefined;
  }
}
