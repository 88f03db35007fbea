import { createRevocations } from "@hardened-mcp/auth";
import type { Command } from "../command.ts";
import { exit } from "../exit.ts";
import { refusePositionals } from "../flags.ts";
import { durationFlag, parseDuration } from "../input/duration.ts";
import { operator } from "../input/operator.ts";
import { asciiJson } from "../printable.ts";
import { STATE_EXITS, STATE_HELP, STATE_OPTIONS } from "../state/options.ts";
import { namespaceOf, withStore } from "../state/with-store.ts";
import { nameTarget, plainRevocation } from "./describe.ts";
import { targetOf } from "./target.ts";

/** From the life of a token by default and a margin, to the longest that revocations are kept. */
const BOUNDS = { min: "25h", max: "365d" } as const;

export const revocationsAdd: Command = {
  help: `Revokes tokens: refused on every server of the namespace with the next call, on open streams too. There is no
taking back. Revocations of a subject or client concern tokens issued until now; to keep one out, set a switch.

  --token JTI     one token, by its claim jti; never the token itself
  --subject ID    every token of a subject
  --client ID     every token of a client
  --issuer URL    whose token, subject or client; exactly as in its tokens
  --why TEXT      for whoever finds it
  --for DURATION  how long it is remembered, ${BOUNDS.min} to ${BOUNDS.max}; default ${BOUNDS.max}. No less than the longest token
                  lives (auth.maxAgeS), or the token is good again afterwards

An API key: --token ID --issuer key, where ID is its id in auth.apiKeys. Then take it out of every server's
configuration: the key does not end, and a revocation does.
Who revokes is the user of the operating system; nothing else can be said.
${STATE_HELP}${STATE_EXITS}`,
  options: {
    ...STATE_OPTIONS,
    token: { type: "string" },
    subject: { type: "string" },
    client: { type: "string" },
    issuer: { type: "string" },
    why: { type: "string" },
    for: { type: "string" },
  },
  async run(flags, out) {
    refusePositionals(flags);
    const target = targetOf(flags);
    const why = flags.required("why");
    // A server may take tokens that live for a year; what this command does not know, it allows for.
    const ttlMs = durationFlag(flags, BOUNDS) ?? parseDuration(BOUNDS.max) ?? 0;
    const revocation = await withStore(flags, (store) =>
      createRevocations(store).revoke({ target, by: operator(), why, ttlMs }),
    );
    out.write(
      flags.given("json")
        ? asciiJson({ namespace: namespaceOf(flags), revoked: plainRevocation(revocation) })
        : `revoked until ${plainRevocation(revocation).until}: ${nameTarget(target)}\n`,
    );
    return exit.ok;
  },
};
