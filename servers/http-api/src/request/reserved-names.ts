/** Who may give a header its value. */
interface ReservedHeaders {
  /** As {@link headerKey} writes them; a name that ends with `-*` stands for all that begin like it. */
  readonly names: readonly string[];
  /** Whether an operator may set them for every request, in `headers`. */
  readonly byOperator: boolean;
  /** Whether a document may declare them without harm: we fill them, and nothing is lost. */
  readonly isFilled?: true;
}

/**
 * Headers that no argument becomes, whatever a document declares. From a model's hand each is an attack: request smuggling, cache poisoning,
 * another caller, `X-HTTP-Method-Override: DELETE` on a tool that reads.
 */
const HEADERS: readonly ReservedHeaders[] = [
  // OpenAPI 3.1, section 4.8.12.2: header parameters of these names are ignored.
  { names: ["authorization", "content-type"], byOperator: false, isFilled: true },
  { names: ["accept"], byOperator: true, isFilled: true },
  // Where a message ends, what the connection does with it, what the body is (RFC 9110, 7.6.1 and 8.4; RFC 9112, 6).
  {
    names: [
      ...["host", "content-length", "transfer-encoding", "connection", "keep-alive", "te", "trailer", "upgrade"],
      ...["expect", "content-encoding", "http2-settings", "proxy-*"],
    ],
    byOperator: false,
  },
  { names: ["via", "date", "max-forwards", "accept-encoding", "user-agent"], byOperator: true },
  // Who asks: credentials have a place of their own.
  { names: ["cookie", "cookie2"], byOperator: false },
  { names: ["set-cookie", "dpop", "origin", "referer", "from", "sec-*", "x-amz-security-token"], byOperator: true },
  // Who asks, in the words of proxies that authenticate for what is behind them: nginx and oauth2-proxy, IAP, ALB, Azure, Kubernetes, Kong,
  // Authelia, authentik, Tailscale, Pomerium, Vouch, CGI.
  {
    names: [
      ...["remote-*", "x-remote-*", "impersonate-*", "x-webauth-*", "x-auth-request-*", "x-authenticated-*"],
      ...[
        "x-goog-authenticated-*",
        "x-goog-iap-*",
        "x-amzn-oidc-*",
        "x-ms-client-principal",
        "x-ms-client-principal-*",
      ],
      ...["x-consumer-*", "x-credential-*", "x-authentik-*", "tailscale-user-*", "x-pomerium-*", "x-vouch-*"],
      ...["x-apigateway-api-userinfo", "x-endpoint-api-userinfo"],
      ...["ssl-client-*", "x-ssl-client-*", "x-client-cert", "x-client-verify", "cf-access-*"],
    ],
    byOperator: true,
  },
  // Where it is said to come from.
  {
    names: [
      ...["forwarded", "x-forwarded", "x-forwarded-*", "x-real-ip", "x-client-ip", "client-ip", "true-client-ip"],
      ...["x-cluster-client-ip", "cf-connecting-ip", "fastly-client-ip", "x-envoy-external-address"],
    ],
    byOperator: true,
  },
  { names: ["x-host", "x-original-host"], byOperator: true },
  // Another method or path than the one that was checked.
  {
    names: [
      ...["x-http-method", "x-http-method-override", "x-method-override", "x-original-*", "x-rewrite-*"],
      ...["x-envoy-original-*"],
      // A key of that name would be an object's prototype.
      "--proto--",
    ],
    byOperator: false,
  },
];

/** Names by which frameworks take another method from a query or a form, as {@link parameterKey} writes them. */
const METHODS: ReadonlySet<string> = new Set([
  // Rack, Symfony, Laravel, CakePHP; method-override of Express.
  "-method",
  ...["-http-method", "-httpmethod", "$method", "$httpmethod", "$http-method"],
  ...["x-http-method", "x-http-method-override", "x-method-override", "method-override"],
]);

const EXACT = new Map<string, ReservedHeaders>();
const BEGINNINGS: (readonly [string, ReservedHeaders])[] = [];
for (const row of HEADERS) {
  for (const name of row.names) {
    if (name.endsWith("-*")) BEGINNINGS.push([name.slice(0, -1), row]);
    else EXACT.set(name, row);
  }
}

/**
 * A header's name as careless readers see it: in lower case, with `-` for every other mark. CGI, WSGI and PHP know `X_Forwarded_For` and
 * `X-Forwarded-For` as the one `HTTP_X_FORWARDED_FOR`.
 */
export function headerKey(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, "-");
}

/**
 * The name of a parameter, or of a key of a form, as careless readers see it: what is before a bracket (qs, PHP, Rack) or a NUL (PHP), in any
 * case (ASP.NET), with one mark for `.`, `_`, blanks and a bracket that nothing closes (PHP). Two names of one key may be one parameter.
 */
export function parameterKey(name: string): string {
  const [text = ""] = name.split("\0", 1);
  const bracket = text.indexOf("[");
  const stem = bracket > 0 && text.includes("]", bracket) ? text.slice(0, bracket) : text;
  return stem
    .trim()
    .toLowerCase()
    .replaceAll(/[._ [+]/g, "-");
}

/** What is said of a header that no argument becomes; `undefined`: it may be one. */
export function reservedHeader(name: string): "filled" | "refused" | undefined {
  const row = rowOf(name);
  if (row === undefined) return undefined;
  return row.isFilled === true ? "filled" : "refused";
}

/** Whether an operator's static header may not have this name: a credential's, one that frames the message, or one that turns it into another. */
export function isForbiddenHeader(name: string): boolean {
  return rowOf(name)?.byOperator === false;
}

/** Whether a parameter of a query, or a key of a body, would be read as another method. */
export function isMethodOverride(name: string): boolean {
  return METHODS.has(parameterKey(name));
}

function rowOf(name: string): ReservedHeaders | undefined {
  const key = headerKey(name);
  return EXACT.get(key) ?? BEGINNINGS.find(([beginning]) => key.startsWith(beginning))?.[1];
}
