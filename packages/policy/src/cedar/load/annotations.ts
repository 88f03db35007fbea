import { didYouMean } from "../../text/nearest.ts";
import type { PolicyJson } from "../engine.ts";
import type { Approval } from "./rule.ts";

/** Annotations with a meaning here. Cedar itself takes any, so a misspelt `@approval` would be no approval. */
const KNOWN = ["id", "approval", "description"];
const ID = /^[A-Za-z0-9][A-Za-z0-9_.:-]{0,63}$/;

/** What a policy's annotations say, or why they cannot be meant. */
export function readAnnotations(
  ast: PolicyJson,
): { readonly id: string | undefined; readonly approval: Approval | undefined } | { readonly problem: string } {
  const annotations = ast.annotations ?? {};
  for (const key of Object.keys(annotations)) {
    if (!KNOWN.includes(key))
      return {
        problem: `There is no annotation "@${key}".${didYouMean(
          `@${key}`,
          KNOWN.map((one) => `@${one}`),
        )}`,
      };
  }
  const { id, approval } = annotations as Readonly<Record<string, string | undefined>>;
  // Own rules of the engine have a slash in their names, so no policy can pass for one in the audit log.
  if (id !== undefined && !ID.test(id)) {
    return { problem: `@id must be 1 to 64 letters, digits and any of "_.:-", beginning with a letter or digit.` };
  }
  if (approval === undefined) return { id, approval };
  if (ast.effect === "forbid") return { problem: "@approval says something on a permit only: a forbid asks nobody." };
  if (approval === "none" || approval === "required") return { id, approval };
  const near = didYouMean(approval, ["none", "required"]);
  return { problem: `@approval is "none" (nobody is asked) or "required" (a human is).${near}` };
}
