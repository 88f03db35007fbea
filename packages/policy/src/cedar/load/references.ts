import { EFFECTS } from "../../effect.ts";
import { didYouMean } from "../../text/nearest.ts";
import { asExpr, type EntityRef, entitiesIn, entityOf } from "../ast.ts";
import type { PolicyJson } from "../engine.ts";
import { type Action, actionsUnder, allActions, GROUP_TYPE, isGroup, type Vocabulary } from "../schema/vocabulary.ts";

/** Something in a policy that names what there is not. `near` is the text to look for its line by. */
export interface Problem {
  readonly code: string;
  readonly message: string;
  readonly near: string;
}

/** Entities that a scope constraint names. */
function scopeEntities(constraint: unknown): readonly EntityRef[] {
  const fields = asExpr(constraint);
  const inner = asExpr(fields?.["in"]);
  const list = fields?.["entities"];
  const found = [fields?.["entity"], inner?.["entity"], ...(Array.isArray(list) ? list : [])].map(entityOf);
  return found.filter((entity) => entity !== undefined);
}

/** Every entity of a policy, scope and conditions. */
export function referencesOf(ast: PolicyJson): readonly EntityRef[] {
  const scopes = [ast.principal, ast.action, ast.resource].flatMap(scopeEntities);
  return [...scopes, ...entitiesIn(ast)];
}

/** The operations that `action` and `resource` of the scope cover. */
export function coverageOf(ast: PolicyJson, vocabulary: Vocabulary): ReadonlySet<Action> {
  const actions =
    ast.action.op === "All"
      ? allActions(vocabulary)
      : scopeEntities(ast.action).flatMap((entity) => actionsUnder(vocabulary, entity));
  const [server] = scopeEntities(ast.resource);
  return new Set(server === undefined ? actions : actions.filter((one) => one.server === server.id));
}

/** Names that are not there: the engine would report most of them too, in words that know nothing of tools and servers. */
export function findUnknownNames(ast: PolicyJson, vocabulary: Vocabulary): readonly Problem[] {
  const problems = referencesOf(ast).map((entity) => unknownName(entity, vocabulary));
  const { action } = ast;
  const [group] = action.op === "==" ? scopeEntities(action).filter(isGroup) : [];
  if (group !== undefined) {
    problems.push({
      code: "group-as-tool",
      message: `Action::"${group.id}" is every tool with that effect. Write: action in Action::"${group.id}".`,
      near: `"${group.id}"`,
    });
  }
  return problems.filter((problem) => problem !== undefined);
}

function unknownName({ type, id }: EntityRef, vocabulary: Vocabulary): Problem | undefined {
  const near = JSON.stringify(id).slice(0, 64);
  if (type === "Server") return unknownServer(id, near, vocabulary);
  if (type === "Principal") {
    if (id.indexOf("#") > 0) return undefined;
    return {
      code: "principal-name",
      message: `A caller is named by issuer and subject: Principal::"ISSUER#SUBJECT".`,
      near,
    };
  }
  if (type === GROUP_TYPE) {
    if (isGroup({ type, id })) return undefined;
    const tools = allActions(vocabulary).filter((one) => one.id === id);
    const meant = tools.map((one) => ` Did you mean ${one.type}::"${id}"?`)[0] ?? didYouMean(id, EFFECTS);
    return {
      code: "unknown-effect",
      message: `There is no effect "${id}"; there are ${EFFECTS.join(", ")}.${meant}`,
      near,
    };
  }
  if (!type.endsWith("::Action")) return undefined;
  return unknownTool({ type, id }, near, vocabulary);
}

function unknownServer(name: string, near: string, { servers }: Vocabulary): Problem | undefined {
  if (servers.has(name)) return undefined;
  const message = `There is no manifest of a server "${name}".${didYouMean(name, servers.keys())}`;
  return { code: "unknown-server", message, near };
}

function unknownTool({ type, id }: EntityRef, near: string, { actions }: Vocabulary): Problem | undefined {
  const byId = actions.get(type);
  const namespace = type.slice(0, -"::Action".length);
  if (byId === undefined) {
    const known = [...actions.keys()].map((one) => one.slice(0, -"::Action".length));
    const message = `There is no manifest of a server that policies call "${namespace}".${didYouMean(namespace, known)}`;
    return { code: "unknown-server", message: `${message} Print one with the server's --print-manifest.`, near: type };
  }
  if (byId.has(id)) return undefined;
  return {
    code: "unknown-tool",
    message: `${namespace} has nothing named "${id}".${didYouMean(id, byId.keys())}`,
    near,
  };
}
