import { json, type Reply } from "../http-upstream.ts";
import { ITEMS, item } from "./items.ts";

const SIZE = 10;

/** The same 25 items in pages of ten, by each way there is to say where the next is. */
export function answerPages(path: string, query: URLSearchParams, origin: string, elsewhere: string): Reply {
  const number = (name: string, otherwise: number): number => Number(query.get(name) ?? otherwise);
  switch (path) {
    case "/pages/link":
      return byLink(number("page", 1), (page) => `</v1/pages/link?page=${page}>; rel="next"`);
    case "/pages/link-foreign":
      return byLink(number("page", 1), (page) => `<${elsewhere}/v1/pages/link-foreign?page=${page}>; rel="next"`);
    case "/pages/cursor": {
      const from = number("cursor", 0);
      const end = from + SIZE;
      return json({ items: slice(from, end), next: end < ITEMS ? String(end) : null });
    }
    case "/pages/page": {
      const size = number("per_page", SIZE);
      const from = (number("page", 1) - 1) * size;
      return json({ items: slice(from, from + size) });
    }
    case "/pages/offset": {
      const from = number("offset", 0);
      return json({ items: slice(from, from + number("limit", SIZE)) });
    }
    default:
      return json({ error: "no such page", origin }, { status: 404 });
  }

  function byLink(page: number, next: (page: number) => string): Reply {
    const from = (page - 1) * SIZE;
    const more = from + SIZE < ITEMS;
    const link = [`<${origin}/v1/pages/link?page=1>; rel="first"`, ...(more ? [next(page + 1)] : [])].join(", ");
    return json({ items: slice(from, from + SIZE) }, { headers: { link } });
  }
}

function slice(from: number, end: number): object[] {
  const length = Math.max(0, Math.min(end, ITEMS) - from);
  return Array.from({ length }, (_, at) => item(from + at + 1));
}
