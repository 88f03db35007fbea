import { Client } from "@modelcontextprotocol/client";
import { Client as OldClient } from "@modelcontextprotocol/sdk/client/index.js";
import type { Answer, Generation, Session } from "./session.ts";
import type { TestEnd } from "./temp-folder.ts";

const NAME = { name: "test", version: "1.0.0" };

export function clientOf(generation: Generation): Client | OldClient {
  if (generation === "old") return new OldClient(NAME);
  return new Client(NAME, { versionNegotiation: { mode: "auto" } });
}

/** @param transport of the client's own generation */
export async function connect(t: TestEnd, client: Client | OldClient, transport: unknown): Promise<Session> {
  await client.connect(transport as never);
  t.after(() => client.close());
  return {
    call: async (name, args = {}) => (await client.callTool({ name, arguments: args })) as Answer,
    toolNames: async () => (await client.listTools()).tools.map((tool) => tool.name),
    readResource: async (uri) => {
      const [first] = (await client.readResource({ uri })).contents;
      return first !== undefined && "text" in first ? first.text : "";
    },
    resourceUris: async () => {
      const uris: string[] = [];
      let cursor: string | undefined;
      do {
        const { resources, nextCursor } = await client.listResources(cursor === undefined ? {} : { cursor });
        uris.push(...resources.map(({ uri }) => uri));
        cursor = nextCursor;
      } while (cursor !== undefined);
      return uris;
    },
  };
}
