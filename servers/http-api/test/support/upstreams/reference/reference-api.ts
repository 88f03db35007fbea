import { type HttpUpstream, httpUpstream, json, type Reply } from "../http-upstream.ts";
import type { SeenRequest } from "../seen.ts";
import { answerCached } from "./cached.ts";
import { OUTSIDE_CANARY } from "./canaries.ts";
import { answerJson, answerText, echo } from "./contents.ts";
import { referenceDocument, toYaml } from "./document.ts";
import { answerItems, type Item, startItems } from "./items.ts";
import { answerFlaky, answerPayment, type Ledger, mishap, openLedger } from "./mishaps.ts";
import { answerPages } from "./pages.ts";

export interface ReferenceOptions {
  readonly host?: string;
  /** Where a foreign `Link` points. */
  readonly elsewhere?: string;
  /** Whether this request may be answered; if not, 401. Default: everybody. */
  readonly admits?: (request: SeenRequest) => boolean;
}

export interface ReferenceApi extends HttpUpstream {
  /** With the base path `/v1`. */
  readonly baseUrl: string;
  readonly document: Readonly<Record<string, unknown>>;
  /** The document, as a file would hold it. */
  readonly yaml: string;
  readonly items: ReadonlyMap<number, Item>;
  readonly ledger: Ledger;
  /** Requests for what the document does not have: every one of them climbed. */
  climbed(): readonly string[];
}

/** An API with every kind of parameter, body and answer, under `/v1`; anything beside that path answers a canary. */
export async function referenceApi(options: ReferenceOptions = {}): Promise<ReferenceApi> {
  const { host, elsewhere = "http://127.0.0.2:9", admits = () => true } = options;
  const items = startItems();
  const ledger = openLedger();
  const climbed: string[] = [];
  const served = new Map<string, number>();

  const outside = (request: SeenRequest): Reply => {
    climbed.push(`${request.method} ${request.target}`);
    return json({ secret: OUTSIDE_CANARY, headers: request.rawHeaders });
  };
  const answer = (request: SeenRequest): Reply => {
    if (!admits(request)) return mishap(401, { "www-authenticate": "Bearer" });
    // Folded as any framework would: that is how `..` climbs.
    const url = new URL(request.target, "http://upstream");
    if (!url.pathname.startsWith("/v1/")) return outside(request);
    const path = url.pathname.slice("/v1".length);
    const [, room = "", name = ""] = path.split("/");
    switch (room) {
      case "items":
        return answerItems(items, request, path, url.searchParams);
      case "pages":
        return answerPages(path, url.searchParams, upstream.origin, elsewhere);
      case "cache":
        served.set(name, (served.get(name) ?? 0) + 1);
        return answerCached(name, request, served.get(name) ?? 0);
      case "payments":
      case "plain-payments":
        return answerPayment(ledger, request, url.searchParams, room === "payments");
      case "flaky":
        return answerFlaky(ledger, name, url.searchParams);
      case "status":
        return mishap(Number(name));
      case "texts":
        return answerText(name);
      case "json":
        return answerJson(name, url.searchParams);
      case "credential":
        return json(
          { headers: request.rawHeaders, target: request.target },
          { headers: { etag: `"${request.headers["authorization"] ?? request.headers["x-api-key"] ?? ""}"` } },
        );
      default:
        return isDocumented(request) ? echo(request) : outside(request);
    }
  };
  const upstream = await httpUpstream(answer, host);
  const baseUrl = `${upstream.origin}/v1`;
  const document = referenceDocument(baseUrl);
  return { ...upstream, baseUrl, document, yaml: toYaml(document), items, ledger, climbed: () => climbed };
}

/** Those whose answer is an echo, as their raw target has them: a segment is what lies between two slashes, and never dots. */
const ECHOES = [
  /^\/v1\/users\/[^/?#]+$/,
  /^\/v1\/users\/[^/?#]+\/files\/[^/?#]+\/detail$/,
  /^\/v1\/echo$/,
  /^\/v1\/upload\/[a-z]+$/,
  /^\/v1\/styles\/(?:path\/[a-zA-Z]+\/[a-z]+\/[a-z]+\/[^/?#]*|(?:query|header)\/[a-zA-Z]+\/[a-z]+\/[a-z]+)$/,
];

function isDocumented({ target }: SeenRequest): boolean {
  const [path = ""] = target.split("?", 1);
  const climbs = path.split("/").some((segment) => /^(?:\.|%2e){1,2}$/i.test(segment));
  return !climbs && ECHOES.some((one) => one.test(path));
}
