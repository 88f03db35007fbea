import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, unlinkSync, writeFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { createTestCa } from "../../../../test/support/certificates.ts";
import { ConfigError } from "../../src/errors/config-error.ts";
import type { TlsOptions } from "../../src/http/tls/options.ts";
import { startHttp } from "../support/http.ts";
import { rsaPair } from "../support/rsa.ts";
import { shake, type TlsFiles, tlsFiles } from "../support/tls.ts";

/** What the start says about these options; the start itself must fail. */
async function fault(tls: TlsOptions): Promise<string> {
  const error: unknown = await startHttp({}, { tls }).then(
    async (http) => {
      await http[Symbol.asyncDispose]();
      throw new Error("it started");
    },
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ConfigError);
  return (error as Error).message;
}

function pipeAt(path: string): void {
  unlinkSync(path);
  execFileSync("mkfifo", ["-m", "600", path]);
}

function directoryAt(path: string): void {
  unlinkSync(path);
  mkdirSync(path, 0o700);
}

const ca = await createTestCa();
const pair = await ca.issue();

describe("a start with TLS is refused when", () => {
  it.each<[string, (files: TlsFiles) => void | Promise<void>, RegExp]>([
    ["others can read the key", ({ keyFile }) => chmodSync(keyFile, 0o604), /server\.key.*others.*chmod 600/],
    ["its group can read the key", ({ keyFile }) => chmodSync(keyFile, 0o640), /server\.key.*group.*chmod 600/],
    ["the key is not there", ({ keyFile }) => unlinkSync(keyFile), /server\.key cannot be read \(ENOENT\)/],
    ["the key is a directory", ({ keyFile }) => directoryAt(keyFile), /no PEM file/],
    ["the key is a pipe that nobody writes", ({ keyFile }) => pipeAt(keyFile), /no PEM file/],
    [
      "the certificate has expired",
      async (files) => files.renew(await files.ca.issue({ validForMs: -60_000 })),
      /valid/,
    ],
    [
      "key and certificate are no pair",
      async (files) => files.renew({ key: (await files.ca.issue()).key }),
      /together/,
    ],
    ["the certificate is broken", (files) => files.renew({ cert: "-----BEGIN CERTIFICATE-----\nAAAA\n" }), /broken/],
    ["the certificate is empty", (files) => files.renew({ cert: "" }), /broken/],
    ["a key is in the certificate's file", (files) => files.renew({ cert: pair.cert + pair.key }), /nothing else/],
    ["the key is no key", (files) => files.renew({ key: "secret-canary" }), /key is broken/],
    ["the key is too short", async (files) => files.renew(await rsaPair(1_024)), /OpenSSL.*stronger/],
    [
      "the certificate is huge",
      ({ certFile }) => writeFileSync(certFile, Buffer.alloc(1024 * 1024 + 1)),
      /no PEM file/,
    ],
  ])("%s", async (_, spoil, says) => {
    using files = await tlsFiles(ca);
    await spoil(files);
    const message = await fault(files.options);
    expect(message).toMatch(says);
    expect(message).not.toMatch(/canary|-----/);
  });

  it("others can write the clients' authority", async () => {
    using files = await tlsFiles(ca);
    chmodSync(files.clientCaFile, 0o666);
    const clients = { clientCertificates: "required", clientCaFile: files.clientCaFile } as const;
    expect(await fault({ ...files.options, ...clients })).toMatch(/clients\.pem.*write.*chmod 644/);
  });

  it.each<[string, TlsOptions, RegExp]>([
    ["nothing is given", {}, /tls needs/],
    ["the key is missing", { cert: pair.cert }, /tls needs/],
    ["one half is a file", { cert: pair.cert, keyFile: "x" }, /tls needs/],
    ["the certificate is there twice", { ...pair, certFile: "x" }, /both cert and certFile/],
    [
      "an option is misspelt",
      { ...pair, clientCertificate: "required" } as TlsOptions,
      /Did you mean "clientCertificates"/,
    ],
    ["the mode is unknown", { ...pair, clientCertificates: "require" as "required", clientCa: ca.cert }, /one of off/],
    ["no authority says which clients are good", { ...pair, clientCertificates: "required" }, /clientCaFile/],
    ["an authority is given and nobody is asked", { ...pair, clientCa: ca.cert }, /clientCertificates: "required"/],
    [
      "the authority is broken",
      { ...pair, clientCertificates: "required", clientCa: `${ca.cert}-----BEGIN X` },
      /broken/,
    ],
    ["the looks are too close", { ...pair, reloadMs: 0 }, /reloadMs/],
    ["the looks are no number", { ...pair, reloadMs: Number.NaN }, /reloadMs/],
  ])("%s", async (_, options, says) => expect(await fault(options)).toMatch(says));

  it("every authority of clients has expired", async () => {
    const { cert: clientCa } = await ca.issue({ validForMs: -60_000 });
    expect(await fault({ ...pair, clientCertificates: "required", clientCa })).toMatch(/authority is valid from/);
  });
});

it("starts from files, with the certificate on record", async () => {
  using files = await tlsFiles();
  await using http = await startHttp({}, { tls: files.options });
  const { fingerprint } = await shake(http.port);
  expect(http.sink.of("config.loaded")).toMatchObject([{ detail: { what: "tls", outcome: "loaded", fingerprint } }]);
});
