import { X509Certificate } from "node:crypto";
import { createServer, request } from "node:https";
import type { AddressInfo } from "node:net";
import { expect, it } from "vitest";
import { createTestCa } from "./support/certificates.ts";

it("issues certificates that TLS accepts from whoever trusts the authority, and from nobody else", async () => {
  const ca = await createTestCa();
  const { cert, key } = await ca.issue();
  expect(new X509Certificate(cert).checkIssued(new X509Certificate(ca.cert))).toBe(true);
  const server = createServer({ cert, key }, (_, response) => response.end("ok"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const get = (trusted: string | undefined) =>
    new Promise<string>((resolve) => {
      request({ host: "127.0.0.1", port, ...(trusted === undefined ? {} : { ca: trusted }) }, (response) => {
        response.resume();
        resolve(String(response.statusCode));
      })
        .on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? ""))
        .end();
    });
  expect(await get(ca.cert)).toBe("200");
  expect(await get((await createTestCa()).cert)).not.toBe("200");
  server.close();
  server.closeAllConnections();
});
