import { isIP } from "node:net";
import { UsageError } from "@hardened-mcp/server/flags";
import type { Flags } from "./flags.ts";
import { isLoopback, type Project } from "./project.ts";

/** What is never made, and what to do instead. */
interface Refusal {
  when(project: Project, flags: Flags): boolean;
  say(project: Project, flags: Flags): string;
}

/** First what no other flag makes good: of that the message speaks, where more than one is wrong. */
export const REFUSALS: readonly Refusal[] = [
  {
    when: (_, { host }) =>
      host !== undefined && !/^(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?)$/i.test(host) && isIP(host) === 0,
    say: (_, { host }) =>
      `--host ${JSON.stringify(host)} is no address and no name of a host. Write it without scheme and port, such as 127.0.0.1.`,
  },
  {
    when: (_, { issuer }) => issuer !== undefined && !isHttps(issuer),
    say: (_, { issuer }) =>
      `--issuer ${JSON.stringify(issuer)} is no https URL, or has a password, a query or a fragment. Write it as its tokens name it.`,
  },
  {
    when: (_, { publicUrl }) => publicUrl !== undefined && !isHttps(publicUrl),
    say: (_, { publicUrl }) =>
      `--public-url ${JSON.stringify(publicUrl)} is no https URL, or has a password, a query or a fragment. Tokens and keys never cross a network in the clear: write https://HOST/mcp.`,
  },
  {
    when: (_, { publicUrl }) => publicUrl !== undefined && URL.parse(publicUrl)?.pathname !== "/mcp",
    say: (_, { publicUrl }) =>
      `--public-url ${JSON.stringify(publicUrl)} must end in /mcp: that is where the server answers.`,
  },
  {
    when: ({ transport, auth }) => transport === "stdio" && auth !== "none",
    say: ({ auth }) =>
      `--auth ${auth} is for callers over HTTP, and --transport stdio has none: there the caller is the local user. Add --transport http or --transport both, or take --auth out.`,
  },
  {
    when: ({ transport }, { host }) => transport === "stdio" && host !== undefined,
    say: () =>
      "--host is for HTTP, and --transport stdio binds nothing. Add --transport http or --transport both, or take --host out.",
  },
  {
    when: ({ auth, host }) => auth === "none" && !isLoopback(host),
    say: ({ host }) =>
      `Other machines can reach ${host}, and with --auth none nobody would ask them who they are. Add --auth api-key, --auth jwt or --auth oauth, or take --host out.`,
  },
  {
    when: ({ auth }, { issuer }) => issuer !== undefined && auth !== "jwt" && auth !== "oauth",
    say: ({ auth }) =>
      `--issuer is for tokens, and --auth ${auth} takes none. Add --auth jwt or --auth oauth, or take --issuer out.`,
  },
  {
    when: ({ auth }, { publicUrl }) => publicUrl !== undefined && auth === "none",
    say: () =>
      "--public-url says where others reach the server, and with --auth none only this machine does. Add --transport http and --auth api-key, --auth jwt or --auth oauth, or take --public-url out.",
  },
];

/** @throws {UsageError} an unsafe or contradictory combination, with the flag to add */
export function refuseUnsafe(project: Project, flags: Flags): void {
  const found = REFUSALS.find(({ when }) => when(project, flags));
  if (found !== undefined) throw new UsageError(found.say(project, flags));
}

/**
 * Written as the parser would write it, since the text and not what was parsed goes into files and into a line to paste: a control
 * character, a backslash, an empty query or a substitution of the shell is none of that.
 */
function isHttps(text: string): boolean {
  const url = URL.parse(text);
  return (
    url?.protocol === "https:" &&
    /^[a-z0-9.:[\]-]+$/.test(url.host) &&
    url.username === "" &&
    url.password === "" &&
    !/[?#]/.test(text) &&
    (url.href === text || url.href === `${text}/`)
  );
}
