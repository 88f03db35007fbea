import { z } from "zod";
import { credentialConfig } from "./credential-schema.ts";
import { handwrittenConfig, selectionConfig } from "./operation-schema.ts";
import { responseConfig } from "./response-schema.ts";
import { upstreamConfig } from "./upstream-schema.ts";
import { headerName, path, privateAddresses, toolName, whole } from "./words.ts";

export const apiConfig = z
  .strictObject({
    spec: path
      .exactOptional()
      .describe("OpenAPI 3.0 or 3.1 document, a JSON or YAML file. A leading ~ is the home directory."),
    baseUrl: z
      .url({ protocol: /^https?$/ })
      .max(2048)
      .exactOptional()
      .describe(
        "Where the API is; nothing outside its origin and path is asked. Default: the document's only server, if it is public and https, and the API has no credential.",
      ),
    privateAddresses: privateAddresses
      .exactOptional()
      .describe(
        "As privateAddresses of a host. Default: refuse; a base URL whose host is an address, or localhost, opens what it says.",
      ),
    operations: selectionConfig.prefault({}),
    tools: z
      .record(toolName, handwrittenConfig)
      .default({})
      .describe("Operations written by hand, by the name of their tool."),
    credential: credentialConfig.exactOptional(),
    headers: z
      .record(headerName, z.string().max(4096))
      .default({})
      .describe("Sent with every request, such as a version. No secrets: those are credentials."),
    tls: z
      .strictObject({
        caFile: path.exactOptional().describe("Authorities to trust, PEM. Default: those of Node."),
        certFile: path.exactOptional().describe("Certificate of this server, PEM, where the API asks for one."),
        keyFile: path.exactOptional().describe("Its private key, PEM; readable by its owner only."),
      })
      .exactOptional()
      .describe("TLS to the API; always verified."),
    uploads: z
      .strictObject({
        roots: z.array(path).min(1).max(32).describe("Folders that files may be sent from."),
        maxBytes: whole(1024 * 1024 * 1024)
          .default(10 * 1024 * 1024)
          .describe("Bytes of one file."),
      })
      .exactOptional()
      .describe("Files that can be sent. Default: none, and operations that need one are left out."),
    upstream: upstreamConfig.prefault({}),
    response: responseConfig.prefault({}),
    namePrefix: z
      .boolean()
      .exactOptional()
      .describe("Whether tools are named API_OPERATION. Default: where there is more than one API."),
  })
  .describe("An HTTP API.");
export type ApiConfig = z.output<typeof apiConfig>;
