import type { Row } from "./rows.ts";

/** What a client does with a project of each template: one call that reads, and the tool that is off by default. */
export interface Use {
  readonly reads: { readonly tool: string; readonly args: Readonly<Record<string, unknown>>; readonly answers: string };
  /** @param once something that no other call of the project's life has */
  readonly writes: { readonly tool: string; args(once: string): Readonly<Record<string, unknown>> };
  readonly scopes: readonly [read: string, write: string];
  /** A script that has to run beside the server. */
  readonly beside?: string;
}

export const USES: Readonly<Record<Row["template"], Use>> = {
  minimal: {
    reads: { tool: "read_note", args: { id: "welcome" }, answers: "note" },
    writes: { tool: "add_note", args: (once) => ({ id: once, text: "Written by a client." }) },
    scopes: ["notes:read", "notes:write"],
  },
  filesystem: {
    reads: { tool: "read_file", args: { path: "files/welcome.md" }, answers: "file" },
    writes: { tool: "create_file", args: (once) => ({ path: `files/${once}.txt`, text: "Written by a client." }) },
    scopes: ["files:read", "files:write"],
  },
  database: {
    reads: { tool: "query_orders", args: { sql: "SELECT count(*) AS orders FROM orders" }, answers: "orders" },
    writes: { tool: "add_order", args: (once) => ({ customer: 1, item: once, quantity: 1 }) },
    scopes: ["orders:read", "orders:write"],
  },
  "http-api": {
    reads: { tool: "get_order", args: { id: "A-1" }, answers: "lamp" },
    writes: { tool: "create_order", args: (once) => ({ item: "tea", quantity: 1, key: once }) },
    scopes: ["orders:read", "orders:write"],
    beside: "sample-api",
  },
};
