import { createApiKey } from "@hardened-mcp/auth";
import type { Command } from "../command.ts";
import { exit, UsageError } from "../exit.ts";
import { type Flags, refusePositionals } from "../flags.ts";
import { instantFlag } from "../input/instant.ts";
import { asciiJson } from "../printable.ts";

/** RFC 6749, section 3.3: one scope, without spaces, quotes and backslashes. */
const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]{1,128}$/;
const ID = /^[A-Za-z0-9-]{1,64}$/;

export const apiKeyCreate: Command = {
  help: `Makes an API key of 256 random bits. Second best: it does not end by itself, and whoever has it is its subject.

  --subject ID    who it stands for
  --scope SCOPE   what it may; one flag for each
  --role ROLE     roles for policies; one flag for each
  --client ID     the client, where policies or switches tell clients apart
  --tenant ID     the tenant
  --expires TIME  until when, such as 2027-01-31T00:00:00Z; default: until its entry is taken out
  --id ID         its name in records and revocations: letters, digits, hyphens; default: a random one
  --json          { "key", "entry" }

Prints the key in the first line, for its holder, and below it the entry for the list auth.apiKeys of the server's
configuration. The entry holds a digest. The key is shown this once and kept nowhere: into a secret store with
  hardened-mcp api-key create ... --json
and never into a log or a chat. To revoke it: hardened-mcp revocations add --help
`,
  options: {
    subject: { type: "string" },
    scope: { type: "string", multiple: true },
    role: { type: "string", multiple: true },
    client: { type: "string" },
    tenant: { type: "string" },
    expires: { type: "string" },
    id: { type: "string" },
    json: { type: "boolean" },
  },
  async run(flags, out) {
    refusePositionals(flags);
    const made = createApiKey({
      ...optional(flags, "id"),
      subject: flags.required("subject"),
      ...optional(flags, "client"),
      ...optional(flags, "tenant"),
      scopes: scopesOf(flags),
      ...(flags.given("role") ? { roles: rolesOf(flags) } : {}),
      ...expiry(flags),
    });
    out.write(
      flags.given("json")
        ? asciiJson(made)
        : `${made.key}\n\nThe key above is for its holder and is not shown again. For auth.apiKeys of the server:\n\n${asciiJson(made.entry)}`,
    );
    return exit.ok;
  },
};

function optional<T extends "id" | "client" | "tenant">(flags: Flags, name: T): { readonly [key in T]?: string } {
  if (!flags.given(name)) return {};
  const value = flags.required(name);
  if (name === "id" && !ID.test(value)) throw new UsageError("--id is 1 to 64 letters, digits and hyphens");
  return { [name]: value } as { readonly [key in T]?: string };
}

function scopesOf(flags: Flags): readonly string[] {
  const scopes = flags.values("scope");
  if (scopes.length === 0) throw new UsageError("--scope is needed: a key without one can do nothing");
  if (!scopes.every((scope) => SCOPE.test(scope))) {
    throw new UsageError("--scope is one scope of at most 128 characters, without spaces; give the flag once for each");
  }
  return [...new Set(scopes)];
}

function rolesOf(flags: Flags): readonly string[] {
  const roles = flags.values("role");
  if (roles.some((role) => role.trim() === "" || role.length > 128)) {
    throw new UsageError("--role is 1 to 128 characters; give the flag once for each");
  }
  return [...new Set(roles)];
}

function expiry(flags: Flags): { readonly expiresAt?: string } {
  const expires = instantFlag(flags, "expires");
  if (expires === undefined) return {};
  if (expires <= Date.now()) throw new UsageError("--expires is over already");
  return { expiresAt: new Date(expires).toISOString() };
}
