import { createSocket } from "node:dgram";
import { Resolver } from "node:dns";
import type { AddressInfo, LookupFunction } from "node:net";
import { parseAddress } from "../../src/address/parsed-address.ts";

/** What a name leads to: addresses, or `{ cname }`. A function is asked anew for each question, with how often it was asked before. */
export type Zone = Readonly<Record<string, Records | ((asked: number) => Records)>>;
type Records = readonly (string | { readonly cname: string })[];

export interface DnsServer {
  /** For `SafeFetchOptions.lookup`: asks this server over UDP, with Node's own resolver. */
  readonly lookup: LookupFunction;
  /** Questions for addresses (A) of a name. */
  asked(name: string): number;
  close(): Promise<void>;
}

const TYPES = { a: 1, cname: 5, aaaa: 28 } as const;

/** A name server that lies as the test wants (RFC 1035, as much of it as a resolver needs). Names without an entry have `*`, if there is one. */
export async function startDnsServer(zone: Zone): Promise<DnsServer> {
  const socket = createSocket("udp4");
  const counts = new Map<string, number>();
  socket.on("message", (query, peer) => {
    const { name, end } = readName(query);
    const type = query.readUInt16BE(end);
    // A resolver asks for both families; a rebinding name changes between one look-up and the next, not in the middle of it.
    const asked = counts.get(name) ?? 0;
    if (type === TYPES.a) counts.set(name, asked + 1);
    const entry = zone[name] ?? zone["*"] ?? [];
    const records = typeof entry === "function" ? entry(type === TYPES.a ? asked : Math.max(0, asked - 1)) : entry;
    const answers = records.flatMap((record) => answer(record, type));
    const head = Buffer.from(query.subarray(0, 12));
    head.writeUInt16BE(0x8180, 2);
    head.writeUInt16BE(answers.length, 6);
    head.fill(0, 8, 12);
    socket.send(Buffer.concat([head, query.subarray(12, end + 4), ...answers]), peer.port, peer.address);
  });
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  const resolver = new Resolver({ timeout: 5_000, tries: 2 });
  resolver.setServers([`127.0.0.1:${(socket.address() as AddressInfo).port}`]);
  return {
    lookup: lookupWith(resolver),
    asked: (name) => counts.get(name) ?? 0,
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}

function lookupWith(resolver: Resolver): LookupFunction {
  return (host, options, callback) => {
    resolver.resolve4(host, (first, four = []) => {
      resolver.resolve6(host, (second, six = []) => {
        const found = [
          ...four.map((address) => ({ address, family: 4 })),
          ...six.map((address) => ({ address, family: 6 })),
        ];
        const error = found.length === 0 ? (first ?? second) : null;
        if (options.all === true) callback(error, found);
        else callback(error, found[0]?.address ?? "", found[0]?.family ?? 4);
      });
    });
  };
}

function readName(query: Buffer): { readonly name: string; readonly end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at]!; length > 0; length = query[at]!) {
    labels.push(query.toString("latin1", at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join(".").toLowerCase(), end: at + 1 };
}

function answer(record: Records[number], type: number): readonly Buffer[] {
  if (typeof record !== "string") {
    const name = Buffer.concat([
      ...record.cname.split(".").map((label) => Buffer.from([label.length, ...Buffer.from(label)])),
      Buffer.from([0]),
    ]);
    return [resource(TYPES.cname, name)];
  }
  const { family, bits } = parseAddress(record)!;
  if (type !== (family === 4 ? TYPES.a : TYPES.aaaa)) return [];
  const hex = bits.toString(16).padStart(family === 4 ? 8 : 32, "0");
  return [resource(type, Buffer.from(hex, "hex"))];
}

/** For the name of the question (a pointer to it), with a time to live of zero. */
function resource(type: number, data: Buffer): Buffer {
  const head = Buffer.from([0xc0, 12, 0, type, 0, 1, 0, 0, 0, 0, 0, data.length]);
  return Buffer.concat([head, data]);
}
