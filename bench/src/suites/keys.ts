import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createAuthenticator, isFailure } from "@hardened-mcp/auth";
import { type Certificate, makeCertificate } from "../lib/certificate.ts";
import { ECHO_CALL } from "../lib/echo-call.ts";
import { HttpTarget } from "../lib/http-client.ts";
import { type Issuer, RESOURCE, SCOPE, startIssuer } from "../lib/issuer.ts";
import { median, shown, table } from "../lib/measure.ts";

const FLOOD = 1_000;
const CONNECTIONS = 64;
const ROUNDS = 5;

interface Flooded {
  readonly statuses: ReadonlyMap<number, number>;
  readonly fetches: number;
  readonly ms: number;
  /** What a good token that was not seen before is answered afterwards. */
  readonly good: number;
}

/** A thousand tokens, each naming a key that its issuer does not have: how often is the issuer asked? */
export async function benchKeys(): Promise<string> {
  const certificate = await makeCertificate();
  try {
    const [alone, server]: [Flooded[], Flooded[]] = [[], []];
    for (let round = 0; round < ROUNDS; round++) {
      alone.push(await withIssuer(certificate, (issuer) => floodAuthenticator(issuer, certificate)));
      server.push(await withIssuer(certificate, (issuer) => floodServer(issuer, certificate)));
    }
    return [
      "### A flood of made-up keys",
      "",
      `${FLOOD} tokens at once (${CONNECTIONS} connections, one address), each naming a key id of its own that the issuer does not have. Target: its keys are fetched once. No key is known when the flood begins.`,
      "",
      table(
        ["", "fetches of the keys", "answers", "time", "a good token that is new, afterwards"],
        [row("the authenticator alone", alone), row("a whole server, which also throttles failures", server)],
      ),
      "",
      "After 30 failures in a minute the whole server looks only at tokens from that address that have been good before.",
    ].join("\n");
  } finally {
    certificate.remove();
  }
}

function row(name: string, rounds: readonly Flooded[]): readonly string[] {
  const [first] = rounds;
  const statuses = [...(first?.statuses ?? [])].sort(([a], [b]) => a - b);
  return [
    name,
    String(Math.max(...rounds.map(({ fetches }) => fetches))),
    statuses.map(([status, count]) => `${count} × ${status}`).join(", "),
    `${shown(median(rounds.map(({ ms }) => ms)))} ms`,
    [...new Set(rounds.map(({ good }) => good))].join(", "),
  ];
}

async function withIssuer(certificate: Certificate, work: (issuer: Issuer) => Promise<Flooded>): Promise<Flooded> {
  const issuer = await startIssuer(certificate);
  try {
    return await work(issuer);
  } finally {
    await issuer.close();
  }
}

async function floodAuthenticator(issuer: Issuer, { cert }: Certificate): Promise<Flooded> {
  const authenticator = createAuthenticator({
    resource: RESOURCE,
    issuers: [{ issuer: issuer.issuer, ca: cert, privateAddresses: "allow" }],
  });
  const listening = createServer(async (request, response) => {
    const answer = await authenticator.authenticate(request, { scopes: [SCOPE] });
    response.writeHead(isFailure(answer) ? answer.status : 200).end();
  });
  await new Promise<void>((resolve) => listening.listen(0, "127.0.0.1", resolve));
  const target = HttpTarget.to((listening.address() as AddressInfo).port, { connections: CONNECTIONS });
  try {
    return await flood(issuer, target);
  } finally {
    target.close();
    listening.closeAllConnections();
    listening.close();
    await authenticator.close();
  }
}

async function floodServer(issuer: Issuer, { certFile }: Certificate): Promise<Flooded> {
  const auth = {
    resource: RESOURCE,
    issuers: [{ issuer: issuer.issuer, caFile: certFile, privateAddresses: "allow" }],
  };
  const script = new URL("../servers/http-secured.js", import.meta.url).pathname;
  const target = await HttpTarget.start(script, [JSON.stringify({ auth })], { connections: CONNECTIONS });
  try {
    return await flood(issuer, target);
  } finally {
    target.close();
  }
}

async function flood(issuer: Issuer, target: HttpTarget): Promise<Flooded> {
  const { body, headers } = ECHO_CALL["2026-07-28"];
  const send = async (token: string): Promise<number> =>
    (await target.exchange(body, { ...headers, authorization: `Bearer ${token}` })).status ?? 0;
  const tokens = await Promise.all(
    Array.from({ length: FLOOD }, (_, at) => issuer.token({}, { kid: `made-up-${at}` })),
  );
  const statuses = new Map<number, number>();
  const from = performance.now();
  for (const status of await Promise.all(tokens.map(send))) statuses.set(status, (statuses.get(status) ?? 0) + 1);
  const ms = performance.now() - from;
  const good = await send(await issuer.token());
  return { statuses, fetches: issuer.keyFetches(), ms, good };
}
