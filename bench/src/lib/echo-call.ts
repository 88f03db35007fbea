const MODERN_META = {
  "io.modelcontextprotocol/protocolVersion": "2026-07-28",
  "io.modelcontextprotocol/clientCapabilities": {},
};
const BASE = { "content-type": "application/json", accept: "application/json, text/event-stream" };
const params = { name: "echo", arguments: { text: "hello" } };

/** One call of the echo tool over HTTP, as each revision writes it. */
export const ECHO_CALL = {
  "2026-07-28": {
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params: { ...params, _meta: MODERN_META } }),
    headers: { ...BASE, "mcp-protocol-version": "2026-07-28", "mcp-method": "tools/call", "mcp-name": "echo" },
  },
  "2025-11-25": {
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/call", params }),
    headers: { ...BASE, "mcp-protocol-version": "2025-11-25" },
  },
} as const;
