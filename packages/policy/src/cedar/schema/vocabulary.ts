import { EFFECTS } from "../../effect.ts";
import type { ManifestMethod, ManifestOperation, ServerManifest } from "../../manifest/manifest.ts";
import type { EntityRef } from "../ast.ts";
import { shapeOfInput } from "./from-json-schema.ts";
import { EMPTY_RECORD, type RecordShape } from "./shape.ts";

/** An operation as policies name it. */
export interface Action extends EntityRef {
  readonly server: string;
  readonly operation: ManifestOperation;
  readonly args: RecordShape;
  /**
   * The same action with the milder effects that a call may turn out to have. The same in name, so that a rule about the tool
   * covers them all; in another group, so that a rule about an effect covers only what has it.
   */
  readonly milder: readonly Action[];
}

/** Everything a policy may name. */
export interface Vocabulary {
  /** By server name. */
  readonly servers: ReadonlyMap<string, { readonly manifest: ServerManifest; readonly namespace: string }>;
  /** By `namespace::Action`, then by id. */
  readonly actions: ReadonlyMap<string, ReadonlyMap<string, Action>>;
}

/** Words that Cedar keeps for itself, as namespaces (Cedar grammar, RESERVED and `__cedar`). */
const RESERVED = new Set(["true", "false", "if", "then", "else", "in", "is", "like", "has", "__cedar"]);

/**
 * Server names as Cedar namespaces: `http-api` is `http_api`.
 *
 * @throws {TypeError} a name that cannot be one, or two servers that would share one
 */
export function buildVocabulary(manifests: readonly ServerManifest[]): Vocabulary {
  const servers = new Map<string, { manifest: ServerManifest; namespace: string }>();
  const actions = new Map<string, ReadonlyMap<string, Action>>();
  for (const manifest of manifests) {
    const { server } = manifest;
    if (servers.has(server)) throw new TypeError(`There are two manifests of the server "${server}". Keep one.`);
    const namespace = namespaceOf(server);
    const type = `${namespace}::Action`;
    if (actions.has(type)) {
      throw new TypeError(`The server "${server}" and another are both "${namespace}" to policies. Rename one.`);
    }
    servers.set(server, { manifest, namespace });
    actions.set(type, new Map(manifest.operations.map((one) => asEntry(server, type, one))));
  }
  return { servers, actions };
}

function asEntry(server: string, type: string, operation: ManifestOperation): [string, Action] {
  const id = actionId(operation.method, operation.name);
  const action = { type, id, server, operation, args: shapeOfInput(operation.inputSchema), milder: [] };
  const milder = (operation.milder ?? []).map((over) => ({ ...action, operation: { ...operation, ...over } }));
  return [id, { ...action, milder }];
}

/** A tool by its name; prompts and resources with a word before theirs, which no tool's name can hold. */
export function actionId(method: ManifestMethod, name: string): string {
  if (method === "tools/call") return name;
  return method === "prompts/get" ? `prompt/${name}` : `resource/${name}`;
}

function namespaceOf(server: string): string {
  const namespace = server.replace(/[-.]/g, "_");
  if (/^[a-zA-Z][a-zA-Z0-9_]*$/.test(namespace) && !RESERVED.has(namespace)) return namespace;
  throw new TypeError(
    `The server name ${JSON.stringify(server)} cannot be named in policies. Use letters, digits, "-", "_" and ".", starting with a letter.`,
  );
}

/** The group of all actions with one effect. */
export const GROUP_TYPE = "Action";

/** Every action a scope constraint on `entity` covers: the action itself, or all of an effect. */
export function actionsUnder({ actions }: Vocabulary, entity: EntityRef): readonly Action[] {
  if (entity.type === GROUP_TYPE) return allActions({ actions }).filter((one) => one.operation.effect === entity.id);
  const one = actions.get(entity.type)?.get(entity.id);
  return one === undefined ? [] : withMilder(one);
}

/** Every action, once with each effect that it can have. */
export function allActions({ actions }: Pick<Vocabulary, "actions">): readonly Action[] {
  return [...actions.values()].flatMap((byId) => [...byId.values()].flatMap(withMilder));
}

/** An action with each effect that it can have, the declared one first. */
export function withMilder(action: Action): readonly Action[] {
  return [action, ...action.milder];
}

export function isGroup({ type, id }: EntityRef): boolean {
  return type === GROUP_TYPE && EFFECTS.some((effect) => effect === id);
}

/** What every context holds besides `args`. */
export const WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const;

/** `context.time`: the clock on the wall, in the time zone that the server was given. */
export const TIME: RecordShape = {
  ...EMPTY_RECORD,
  fields: new Map([
    ["hour", { shape: { kind: "long" }, required: true }],
    ["minute", { shape: { kind: "long" }, required: true }],
    ["weekday", { shape: { kind: "string", values: WEEKDAYS }, required: true }],
  ]),
};
