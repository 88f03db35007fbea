import { json, type Reply } from "../http-upstream.ts";
import type { SeenRequest } from "../seen.ts";
import { HIDDEN, HTML, INJECTION, INTERNAL_CANARY } from "./canaries.ts";
import { item } from "./items.ts";

/** `Echo` of the document: the request as it was on the wire. */
export function echo(request: SeenRequest): Reply {
  const { method, target, rawHeaders, body } = request;
  return json({ method, target, headers: rawHeaders, body: body.toString("base64") });
}

/** Text by kind: `html`, `csv`, `windows-1252`, or one of {@link HIDDEN}. */
export function answerText(kind: string): Reply {
  if (kind === "html") return text(HTML, "text/html; charset=utf-8");
  if (kind === "csv") return text(`name,note\n=HYPERLINK("http://127.0.0.2"),${INJECTION}\n`, "text/csv");
  if (kind === "windows-1252") return text(Buffer.from("caf\xe9", "latin1"), "text/plain; charset=windows-1252");
  const hidden = HIDDEN[kind];
  return hidden === undefined
    ? json({ error: "no such text" }, { status: 404 })
    : text(hidden, "text/plain; charset=utf-8");
}

export function answerJson(kind: string, query: URLSearchParams): Reply {
  switch (kind) {
    case "hidden":
      return json({ ...HIDDEN, [`key${HIDDEN["zeroWidth"]}${HIDDEN["tags"]}`]: INJECTION });
    case "big-integers":
      // 2^53 + 1, which a double cannot hold, and the largest of 64 bits.
      return {
        headers: { "content-type": "application/json" },
        body: '{"id":9007199254740993,"max":18446744073709551615,"small":1}',
      };
    case "large":
      return json({ items: Array.from({ length: Number(query.get("count") ?? 5000) }, (_, at) => item(at + 1)) });
    case "mismatch":
      return json({ id: "not a number", name: 7, price: -1, tags: "none", leak: INTERNAL_CANARY });
    default:
      return json(item(1));
  }
}

function text(body: string | Uint8Array, type: string): Reply {
  return { headers: { "content-type": type }, body };
}
