import { once } from "node:events";
import { chmodSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { Agent, request as httpsRequest, type RequestOptions } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ConnectionOptions, connect, type TLSSocket } from "node:tls";
import { createTestCa, type Issued, type TestCa } from "../../../../test/support/certificates.ts";
import type { HttpOptions } from "../../src/http/options.ts";
import { type HttpServer, legacyCall, startHttp } from "./http.ts";
import type { FakeSink } from "./sink.ts";

/** A directory with a certificate, a key and the clients' authority, as an operator has it. */
export interface TlsFiles extends Disposable {
  readonly ca: TestCa;
  readonly certFile: string;
  readonly keyFile: string;
  readonly clientCaFile: string;
  readonly options: { readonly certFile: string; readonly keyFile: string };
  /** Replaces the pair the way a renewal does: new files, renamed into place. */
  renew(pair: Partial<Issued>): void;
}

export async function tlsFiles(ca?: TestCa): Promise<TlsFiles> {
  const authority = ca ?? (await createTestCa());
  const dir = mkdtempSync(join(tmpdir(), "hardened-mcp-tls-"));
  const [certFile, keyFile, clientCaFile] = ["server.pem", "server.key", "clients.pem"].map((name) =>
    join(dir, name),
  ) as [string, string, string];
  const put = (path: string, text: string, mode: number): void => {
    writeFileSync(`${path}.new`, text);
    chmodSync(`${path}.new`, mode);
    renameSync(`${path}.new`, path);
  };
  const files: TlsFiles = {
    ca: authority,
    certFile,
    keyFile,
    clientCaFile,
    options: { certFile, keyFile },
    renew({ cert, key }) {
      if (cert !== undefined) put(certFile, cert, 0o644);
      if (key !== undefined) put(keyFile, key, 0o600);
    },
    [Symbol.dispose]: () => rmSync(dir, { recursive: true }),
  };
  files.renew(await authority.issue());
  put(clientCaFile, authority.cert, 0o644);
  return files;
}

/** A TLS server with text for a certificate, and the authority that a client has to trust. */
export async function startTls(
  http: Partial<HttpOptions> = {},
  tls: NonNullable<HttpOptions["tls"]> = {},
): Promise<HttpServer & { readonly ca: TestCa }> {
  const ca = await createTestCa();
  const server = await startHttp({}, { ...http, tls: { ...(await ca.issue()), ...tls } });
  return Object.assign(server, { ca });
}

/** One handshake. The client must really be able to do what it asks for, or its failure would prove nothing. */
export async function shake(
  port: number,
  options: ConnectionOptions = {},
): Promise<{ ok: boolean; protocol: string | null; cipher: string; fingerprint: string; code: string }> {
  const socket = connect({ host: "127.0.0.1", port, rejectUnauthorized: false, ...options });
  const failed = { ok: false, protocol: null, cipher: "", fingerprint: "" };
  try {
    await once(socket, "secureConnect");
    const [protocol, cipher] = [socket.getProtocol(), socket.getCipher().name];
    const { fingerprint256: fingerprint } = socket.getPeerCertificate();
    return { ok: true, protocol, cipher, fingerprint, code: "" };
  } catch (error) {
    return { ...failed, code: (error as NodeJS.ErrnoException).code ?? "" };
  } finally {
    socket.destroy();
  }
}

export function trusting(ca: TestCa, more: RequestOptions = {}): RequestOptions {
  return { ca: ca.cert, agent: new Agent({ maxSockets: 64 }), ...more };
}

export interface TlsAnswer {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: string;
  readonly socket: TLSSocket;
}

/** One request over TLS. */
export function overTls(url: URL, options: RequestOptions, body?: string): Promise<TlsAnswer> {
  return new Promise((resolve, reject) => {
    const asked = httpsRequest(url, { method: body === undefined ? "GET" : "POST", ...options }, (response) => {
      const socket = response.socket as TLSSocket;
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        const { statusCode: status = 0, headers } = response;
        resolve({ status, headers, body: Buffer.concat(chunks).toString(), socket });
      });
    });
    asked.on("error", reject);
    asked.end(body);
  });
}

/** Calls the echo tool over TLS. */
export async function echoOverTls(url: URL, text: string, options: RequestOptions): Promise<TlsAnswer> {
  const headers = { "content-type": "application/json", accept: "application/json, text/event-stream" };
  return await overTls(
    url,
    { ...options, headers: { ...headers, ...options.headers } },
    JSON.stringify(legacyCall(1, "echo", { text })),
  );
}

/** The rules that requests and connections were turned away by, in order. */
export function rulesOf(sink: FakeSink): (string | undefined)[] {
  return sink.events.flatMap((event) => (event.type === "entry.rejected" ? [event.decision.rule] : []));
}
