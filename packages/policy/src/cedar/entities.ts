import type { Principal } from "@hardened-mcp/auth/principal";
import type { EntityJson, TypeAndId } from "./engine.ts";
import type { Action } from "./schema/vocabulary.ts";
import { GROUP_TYPE } from "./schema/vocabulary.ts";

/**
 * A caller's name in policies: `Principal::"https://idp.example#alice"`. An issuer's URL has no fragment (RFC 8414,
 * section 2), so the first `#` ends it whatever the subject holds; `undefined` for an issuer that has one all the same.
 */
export function principalId({ issuer, subject }: Pick<Principal, "issuer" | "subject">): string | undefined {
  if (issuer.includes("#") || !issuer.isWellFormed() || !subject.isWellFormed()) return undefined;
  return `${issuer}#${subject}`;
}

/** A caller and its groups; `undefined` when it cannot be named without doubt. */
export function principalEntity(principal: Principal): EntityJson | undefined {
  const id = principalId(principal);
  if (id === undefined) return undefined;
  const { issuer, subject, client, tenant, scopes, roles, assurance } = principal;
  return {
    uid: { type: "Principal", id },
    attrs: {
      issuer,
      subject,
      ...(client === undefined ? {} : { client }),
      ...(tenant === undefined ? {} : { tenant }),
      scopes: [...scopes],
      assurance,
    },
    parents: [
      ...roles.map((role) => ({ type: "Role", id: role })),
      ...(tenant === undefined ? [] : [{ type: "Tenant", id: tenant }]),
    ],
  };
}

/** An action and the group of its effect; without it `action in Action::"read"` would match nothing. */
export function actionEntity({ type, id, operation }: Action): EntityJson {
  return { uid: { type, id }, attrs: {}, parents: [{ type: GROUP_TYPE, id: operation.effect }] };
}

export function uidOf({ type, id }: TypeAndId): TypeAndId {
  return { type, id };
}

/** The engine's and this process's idea of who is asking agree on text only where it is well-formed. */
export function isFit(principal: Principal): boolean {
  const texts = [principal.client, principal.tenant, ...principal.scopes, ...principal.roles];
  return principalId(principal) !== undefined && texts.every((text) => text === undefined || text.isWellFormed());
}
