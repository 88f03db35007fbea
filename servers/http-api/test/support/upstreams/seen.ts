import type { IncomingMessage } from "node:http";
import { buffer } from "node:stream/consumers";

/** A request as it came over the wire. */
export interface SeenRequest {
  readonly method: string;
  /** The request target, not normalised by anything. */
  readonly target: string;
  /** Lower-case names; several values joined by `, `. */
  readonly headers: Readonly<Record<string, string>>;
  /** In the order and case they were sent. */
  readonly rawHeaders: readonly (readonly [string, string])[];
  readonly body: Buffer;
}

export async function readRequest(request: IncomingMessage): Promise<SeenRequest> {
  const rawHeaders = pairs(request.rawHeaders);
  return {
    method: request.method ?? "",
    target: request.url ?? "",
    headers: joined(rawHeaders),
    rawHeaders,
    body: await buffer(request),
  };
}

/** Everything of a request in one string, for looking for what must not be in it: base64 is decoded, so is percent-encoding. */
export function wholeText(request: SeenRequest): string {
  const values = request.rawHeaders.map(([name, value]) => `${name}: ${value}`);
  const basic = request.rawHeaders
    .filter(([, value]) => /^basic /i.test(value))
    .map(([, value]) => Buffer.from(value.slice(6), "base64").toString("latin1"));
  const target = request.target.replace(/%([0-9a-f]{2})/gi, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
  return [request.method, request.target, target, ...values, ...basic, request.body.toString("utf8")].join("\n");
}

export function pairs(flat: readonly string[]): [string, string][] {
  return Array.from({ length: flat.length / 2 }, (_, at) => [flat[2 * at] ?? "", flat[2 * at + 1] ?? ""]);
}

function joined(all: readonly (readonly [string, string])[]): Record<string, string> {
  const headers = new Map<string, string>();
  for (const [name, value] of all) {
    const before = headers.get(name.toLowerCase());
    headers.set(name.toLowerCase(), before === undefined ? value : `${before}, ${value}`);
  }
  return Object.fromEntries(headers);
}
