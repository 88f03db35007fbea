import { json, type Reply } from "../http-upstream.ts";
import type { SeenRequest } from "../seen.ts";
import { INTERNAL_CANARY } from "./canaries.ts";

export interface Item {
  readonly id: number;
  readonly name: string;
  readonly price?: number;
  readonly tags?: readonly string[];
}

/** How many there are at the start. */
export const ITEMS = 25;

export function item(id: number): Item & Record<string, unknown> {
  return {
    id,
    name: `item ${id}`,
    price: id * 1.5,
    tags: ["a", "b"],
    owner: { name: "Ada", email: `ada+${id}@example.com`, shoeSize: INTERNAL_CANARY },
    pin: INTERNAL_CANARY,
    internalNote: INTERNAL_CANARY,
  };
}

export function startItems(): Map<number, Item> {
  return new Map(Array.from({ length: ITEMS }, (_, at) => [at + 1, item(at + 1)]));
}

/** CRUD on `/items`. */
export function answerItems(
  items: Map<number, Item>,
  request: SeenRequest,
  path: string,
  query: URLSearchParams,
): Reply {
  const [, id] = /^\/items\/(\d+)$/.exec(path) ?? [];
  if (id === undefined) return request.method === "POST" ? create(items, request) : list(items, query);
  const known = items.get(Number(id));
  if (known === undefined) return json({ error: "no such item" }, { status: 404 });
  switch (request.method) {
    case "DELETE":
      items.delete(known.id);
      return { status: 204 };
    case "PUT":
      return store(items, { ...(JSON.parse(request.body.toString()) as Item), id: known.id });
    case "PATCH":
      return store(items, { ...known, ...(JSON.parse(request.body.toString()) as Partial<Item>), id: known.id });
    default:
      return json(known, { headers: { etag: `"${known.name}"` } });
  }
}

function create(items: Map<number, Item>, request: SeenRequest): Reply {
  const made = JSON.parse(request.body.toString()) as Item;
  if ([...items.values()].some(({ name }) => name === made.name)) return json({ error: "exists" }, { status: 409 });
  if (made.price === 13) return json({ error: "unlucky" }, { status: 422 });
  const id = Math.max(0, ...items.keys()) + 1;
  items.set(id, { ...made, id });
  return json({ ...made, id }, { status: 201, headers: { location: `/v1/items/${id}` } });
}

function store(items: Map<number, Item>, changed: Item): Reply {
  items.set(changed.id, changed);
  return json(changed);
}

function list(items: Map<number, Item>, query: URLSearchParams): Reply {
  const limit = Number(query.get("limit") ?? 10);
  const after = Number(query.get("cursor") ?? 0);
  const rest = [...items.values()].filter(({ id }) => id > after);
  const page = rest.slice(0, limit);
  return json({ items: page, next: rest.length > limit ? String(page.at(-1)?.id) : null });
}
