import type { ParseArgsOptionsConfig } from "node:util";
import type { Switch } from "@hardened-mcp/policy";
import { UsageError } from "../exit.ts";
import type { Flags } from "../flags.ts";
import { oneOf } from "../input/choice.ts";
import { printable } from "../printable.ts";

/** Flags that say which switch. */
export const WHICH_OPTIONS = {
  tool: { type: "string" },
  server: { type: "string" },
  client: { type: "string" },
  subject: { type: "string" },
  issuer: { type: "string" },
  "read-only": { type: "boolean" },
} as const satisfies ParseArgsOptionsConfig;

export const WHICH_HELP = `  --tool NAME [--server NAME]   a tool, prompt or resource, of one server or of all: nobody sees it any more
  --client ID                   an OAuth client: nothing for it any more
  --subject ID --issuer URL     a subject at its issuer: nothing for it any more. API keys: the issuer is key
  --read-only                   reads only, for everyone
`;

/** @throws {UsageError} none or two, or a part that belongs to another */
export function whichSwitch(flags: Flags): Switch {
  const kind = oneOf(flags, ["tool", "client", "subject", "read-only"]);
  // `--client x --server y` would otherwise be more than was meant: the client on every server.
  if (kind !== "tool" && flags.given("server")) throw new UsageError("--server belongs to --tool");
  if (kind !== "subject" && flags.given("issuer")) throw new UsageError("--issuer belongs to --subject");
  switch (kind) {
    case "tool": {
      const name = flags.required("tool");
      return flags.given("server") ? { kind, name, server: flags.required("server") } : { kind, name };
    }
    case "client":
      return { kind, client: flags.required("client") };
    case "subject":
      return { kind, issuer: flags.required("issuer"), subject: flags.required("subject") };
    case "read-only":
      return { kind };
  }
}

/** `tool delete_file of filesystem`, safe for a terminal. */
export function nameSwitch(what: Switch): string {
  switch (what.kind) {
    case "tool":
      return printable(`tool ${what.name} of ${what.server ?? "every server"}`);
    case "client":
      return printable(`client ${what.client}`);
    case "subject":
      return printable(`subject ${what.subject} of ${what.issuer}`);
    case "read-only":
      return "read-only for everyone";
  }
}
