import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";

// An ordinary client as its user runs it: the authority comes from NODE_EXTRA_CA_CERTS, nothing else is set.
const client = new Client({ name: "tls", version: "1" }, { versionNegotiation: { mode: "auto" } });
await client.connect(new StreamableHTTPClientTransport(new URL(process.argv[2] ?? "")));
const { tools } = await client.listTools();
const result = await client.callTool({ name: "echo", arguments: { text: "over TLS" } });
process.stdout.write(JSON.stringify({ tools: tools.map(({ name }) => name), result: result.structuredContent }));
await client.close();
