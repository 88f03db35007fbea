import { ASSURANCES } from "@hardened-mcp/auth/principal";
import { EFFECTS } from "../../effect.ts";
import type { SchemaJson } from "../engine.ts";
import { EMPTY_RECORD, type RecordShape, type Shape } from "./shape.ts";
import { type Action, GROUP_TYPE, TIME, type Vocabulary } from "./vocabulary.ts";

/** What policies can see of a caller. */
export const PRINCIPAL: RecordShape = {
  ...EMPTY_RECORD,
  fields: new Map([
    ["issuer", { shape: { kind: "string", values: undefined }, required: true }],
    ["subject", { shape: { kind: "string", values: undefined }, required: true }],
    ["client", { shape: { kind: "string", values: undefined }, required: false }],
    ["tenant", { shape: { kind: "string", values: undefined }, required: false }],
    ["scopes", { shape: { kind: "set", element: { kind: "string", values: undefined } }, required: true }],
    ["assurance", { shape: { kind: "string", values: ASSURANCES }, required: true }],
  ]),
};

/** The Cedar schema that policies are held against: callers, servers, and one action for each operation. */
export function cedarSchema({ servers, actions }: Vocabulary): SchemaJson<string> {
  const namespaces = [...actions].map(([type, byId]) => [
    type.slice(0, -"::Action".length),
    {
      entityTypes: {},
      actions: Object.fromEntries([...byId].map(([id, action]) => [id, cedarAction(action)])),
    },
  ]);
  const principal = typeOf(PRINCIPAL);
  return {
    "": {
      entityTypes: {
        Principal: { memberOfTypes: ["Role", "Tenant"], shape: principal },
        Role: {},
        Tenant: {},
        // Listed one by one, so that a misspelt server is an error and not a rule about nothing.
        Server: { enum: [...servers.keys()] },
      },
      actions: Object.fromEntries(EFFECTS.map((effect) => [effect, {}])),
    },
    ...Object.fromEntries(namespaces),
  };
}

function cedarAction({ operation, args }: Action) {
  return {
    // Held against the schema, a rule may be about any effect; when a call is decided, the action is in one group only.
    memberOf: [operation, ...(operation.milder ?? [])].map(({ effect }) => ({ id: effect, type: GROUP_TYPE })),
    appliesTo: {
      principalTypes: ["Principal"],
      resourceTypes: ["Server"],
      context: {
        type: "Record" as const,
        attributes: { args: typeOf(args), now: { type: "Extension" as const, name: "datetime" }, time: typeOf(TIME) },
      },
    },
  };
}

/** Cedar's name of a type, in its JSON form. */
type CedarType =
  | { type: "String" | "Long" | "Boolean" }
  | { type: "Set"; element: CedarType }
  | { type: "Record"; attributes: Record<string, CedarType & { required: boolean }> };

function typeOf(shape: Shape): CedarType {
  switch (shape.kind) {
    case "string":
      return { type: "String" };
    case "long":
      return { type: "Long" };
    case "boolean":
      return { type: "Boolean" };
    case "set":
      return { type: "Set", element: typeOf(shape.element) };
    case "record":
      return {
        type: "Record",
        attributes: Object.fromEntries(
          [...shape.fields].map(([name, { shape: inner, required }]) => [name, { ...typeOf(inner), required }]),
        ),
      };
  }
}
