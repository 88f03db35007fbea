import { createApiKey } from "@hardened-mcp/auth";
import { makeCertificate } from "../lib/certificate.ts";
import { ECHO_CALL } from "../lib/echo-call.ts";
import { HttpTarget } from "../lib/http-client.ts";
import { createDpopClient, type Issuer, RESOURCE, SCOPE, startIssuer } from "../lib/issuer.ts";
import { inTurn, measureRate, median, ratio, shown, spread, table } from "../lib/measure.ts";

const CONNECTIONS = 16;
const WARM_UP = 2_000;
const CALLS = 500;
const ROUNDS = 24;

const { body, headers } = ECHO_CALL["2026-07-28"];
type Headers = Readonly<Record<string, string>>;

/** One way to call, and what it is held against. */
interface Way {
  readonly name: string;
  readonly than: string;
  readonly target: HttpTarget;
  /** Headers of that many calls. Made before the clock starts: what the client does is not what is measured. */
  headers(calls: number): Promise<readonly Headers[]>;
}

/** CPU of one call over HTTP by a caller who proves who it is, beside the same server without anybody to prove it to. */
export async function benchAuth(): Promise<string> {
  const certificate = await makeCertificate();
  const issuer = await startIssuer(certificate);
  const ways: Way[] = [];
  try {
    ways.push(...(await startWays(issuer, certificate)));
    const costs = await measureWays(ways);
    return report(ways, costs);
  } finally {
    for (const { target } of ways) target.close();
    await issuer.close();
    certificate.remove();
  }
}

async function startWays(
  issuer: Issuer,
  certificate: Awaited<ReturnType<typeof makeCertificate>>,
): Promise<readonly Way[]> {
  const { certFile, keyFile, cert } = certificate;
  const apiKey = createApiKey({ subject: "ci", scopes: [SCOPE] });
  const auth = {
    resource: RESOURCE,
    issuers: [{ issuer: issuer.issuer, caFile: certFile, privateAddresses: "allow" }],
    apiKeys: [apiKey.entry],
    dpop: "accepted",
  };
  const tls = { certFile, keyFile };
  const start = (script: string, config: object, ca?: string): Promise<HttpTarget> =>
    HttpTarget.start(new URL(`../servers/${script}.js`, import.meta.url).pathname, [JSON.stringify(config)], {
      connections: CONNECTIONS,
      ...(ca === undefined ? {} : { ca }),
    });
  const peer = { issuer: issuer.issuer, audience: RESOURCE, scope: SCOPE, jwks: issuer.jwks };
  const always = (extra: Headers) => async (calls: number) =>
    Array.from({ length: calls }, () => ({ ...headers, ...extra }));
  const bearer = (token: string): Headers => ({ authorization: `Bearer ${token}` });
  const token = await issuer.token();
  const same = always(bearer(token));
  const dpop = await createDpopClient();
  const bound = await issuer.token({ cnf: { jkt: dpop.jkt } });
  const each = (make: () => Promise<Headers>) => (calls: number) =>
    Promise.all(Array.from({ length: calls }, async () => ({ ...headers, ...(await make()) })));
  const fresh = each(async () => bearer(await issuer.token()));
  const proven = each(async () => ({ authorization: `DPoP ${bound}`, dpop: await dpop.prove(bound) }));

  // A server of its own for each: one that has served more calls is faster, whatever they were.
  return [
    { name: ANONYMOUS, than: ANONYMOUS, target: await start("http-secured", {}), headers: always({}) },
    {
      name: "ours, a token seen before",
      than: ANONYMOUS,
      target: await start("http-secured", { auth }),
      headers: same,
    },
    {
      name: "ours, another token each time",
      than: ANONYMOUS,
      target: await start("http-secured", { auth }),
      headers: fresh,
    },
    {
      name: "ours, API key",
      than: ANONYMOUS,
      target: await start("http-secured", { auth }),
      headers: always(bearer(apiKey.key)),
    },
    {
      name: "ours, DPoP: a token seen before, a proof each time",
      than: ANONYMOUS,
      target: await start("http-secured", { auth }),
      headers: proven,
    },
    {
      name: "ours over TLS, nobody asked",
      than: ANONYMOUS,
      target: await start("http-secured", { tls }, cert),
      headers: always({}),
    },
    {
      name: "ours over TLS, a token seen before",
      than: ANONYMOUS,
      target: await start("http-secured", { auth, tls }, cert),
      headers: same,
    },
    { name: SDK, than: SDK, target: await start("http-sdk", {}), headers: always({}) },
    {
      name: "SDK, requireBearerAuth with jose, the same token",
      than: SDK,
      target: await start("http-sdk-auth", peer),
      headers: same,
    },
    {
      name: "SDK, requireBearerAuth with jose, another each time",
      than: SDK,
      target: await start("http-sdk-auth", peer),
      headers: fresh,
    },
  ];
}

const ANONYMOUS = "ours, nobody asked";
const SDK = "SDK, nobody asked";

async function measureWays(ways: readonly Way[]): Promise<ReadonlyMap<string, readonly number[]>> {
  for (const way of ways) await costOf(way, WARM_UP);
  const byName = new Map(ways.map((way) => [way.name, way]));
  return await inTurn([...byName.keys()], ROUNDS, async (name) => {
    const way = byName.get(name);
    if (way === undefined) throw new TypeError("no such way");
    return await costOf(way, CALLS);
  });
}

/** Microseconds of the server's CPU for one call. */
async function costOf({ target, headers: make }: Way, calls: number): Promise<number> {
  const waiting = [...(await make(calls))];
  const before = target.cpuMicroseconds();
  await measureRate(() => target.post(body, waiting.pop() ?? headers), calls, CONNECTIONS);
  return (target.cpuMicroseconds() - before) / calls;
}

function report(ways: readonly Way[], costs: ReadonlyMap<string, readonly number[]>): string {
  const cost = (name: string): readonly number[] => costs.get(name) ?? [];
  const more = (name: string, than: string): string =>
    shown(median(cost(name).map((value, round) => value - (cost(than)[round] ?? Number.NaN))));
  return [
    "### Who is calling",
    "",
    `One \`tools/call\` of revision 2026-07-28 over keep-alive connections (${CONNECTIONS}), server CPU per call with its middle half, no audit log. Tokens are ES256.`,
    "",
    table(
      ["", "CPU per call", "more than where nobody is asked", "ratio"],
      ways.map(({ name, than }) => [
        name,
        `${spread(cost(name))} µs`,
        name === than ? "" : `${more(name, than)} µs`,
        `${shown(ratio(cost(name), cost(than)))} ×`,
      ]),
    ),
  ].join("\n");
}
