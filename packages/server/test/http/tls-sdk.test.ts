import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { startHttp } from "../support/http.ts";
import { tlsFiles } from "../support/tls.ts";

const SCRIPT = fileURLToPath(new URL("../support/children/tls-client.ts", import.meta.url));

it("a real SDK client works over TLS as soon as it trusts the authority, and not before", async () => {
  using files = await tlsFiles();
  await using http = await startHttp({}, { tls: files.options });
  const authority = join(files.certFile, "..", "ca.pem");
  writeFileSync(authority, files.ca.cert);
  const run = async (env: NodeJS.ProcessEnv): Promise<string> =>
    (await promisify(execFile)(process.execPath, [SCRIPT, http.url.href], { env: { PATH: "", ...env } })).stdout;
  expect(JSON.parse(await run({ NODE_EXTRA_CA_CERTS: authority }))).toEqual({
    tools: ["echo"],
    result: { text: "over TLS" },
  });
  await expect(run({})).rejects.toThrow(/fetch failed|certificate/);
  expect(http.sink.of("call.outcome")).toMatchObject([{ tool: { name: "tools/list" } }, { tool: { name: "echo" } }]);
});
