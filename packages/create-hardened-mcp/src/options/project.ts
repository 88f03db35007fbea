import { isIP } from "node:net";
import type { Chosen } from "./choices.ts";

/** The project that is to be made; every value was checked. */
export interface Project extends Chosen {
  readonly name: string;
  /** Absolute. */
  readonly dir: string;
  /** Bound over HTTP. */
  readonly host: string;
  /** The authorization server, where one is needed. */
  readonly issuer: string;
  /** https, ending in `/mcp`. */
  readonly publicUrl: string;
  /** Whether the last two came from whoever runs this, rather than from us. */
  readonly said: { readonly issuer: boolean; readonly publicUrl: boolean };
  /** Its yarn is a later one than the first: neither takes the lock file of the other. */
  readonly isBerry: boolean;
}

/** Names from RFC 2606: they work nowhere, so that nobody is asked by mistake. */
export const PLACEHOLDERS = {
  issuer: "https://login.example.com",
  publicUrl: "https://mcp.example.com/mcp",
} as const;

export const LOOPBACK = "127.0.0.1";
export const PORT = 3000;

/** Names and addresses that cannot be reached from another machine, as the server knows them. */
export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));
}

/** Where clients reach it over HTTP: on this machine, or where others do. */
export function urlOf({ host, publicUrl }: Pick<Project, "host" | "publicUrl">): string {
  return isLoopback(host) ? `http://${isIP(host) === 6 ? `[${host}]` : host}:${PORT}/mcp` : publicUrl;
}
