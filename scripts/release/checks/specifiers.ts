import { parseSync } from "rolldown/utils";

/** What a file asks other files and packages for. */
export interface Specifiers {
  /** As they stand there: `zod/v4`, `./x.js`, `node:fs`. */
  readonly named: readonly string[];
  /** Source text of what could ask for anything. */
  readonly unclear: readonly string[];
}

/** What is read here of a node of the syntax tree (ESTree, with TypeScript's own). */
interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly arguments?: readonly Node[];
  readonly callee?: Node;
  readonly computed?: boolean;
  readonly expression?: Node;
  readonly expressions?: readonly Node[];
  readonly id?: Node;
  readonly imported?: Node;
  readonly init?: Node | null;
  readonly key?: Node;
  readonly local?: Node;
  readonly name?: string;
  readonly object?: Node;
  readonly property?: Node;
  readonly quasis?: readonly Node[];
  readonly shorthand?: boolean;
  readonly source?: Node | null;
  readonly specifiers?: readonly Node[];
  readonly value?: unknown;
}

/** A node, and what it is in, from the nearest. */
interface Place {
  readonly node: Node;
  readonly parent: Node | undefined;
  readonly grand: Node | undefined;
}

/**
 * Finds by the syntax tree what a script or a declaration asks for. `require` is followed only where it is plain to see: made by
 * a `createRequire` that was imported by its name, kept in a variable and called with a constant. Everything else that such a
 * name is used for is unclear, since it could lead anywhere.
 *
 * @returns undefined: it cannot be parsed
 */
export function specifiersOf(code: string, path: string): Specifiers | undefined {
  const { program, comments, errors } = parseSync(path, code, { sourceType: "module", preserveParens: false });
  if (errors.length > 0) return undefined;
  const places = [...walk({ node: program as unknown as Node, parent: undefined, grand: undefined })];
  const makers = new Set(places.flatMap(({ node }) => makersIn(node)));
  const loaders = new Set(["require", ...places.flatMap(({ node }) => loaderIn(node, makers))]);
  const named = comments.flatMap(({ value }) => /^\/\s*<reference\s+types=["']([^"']+)/.exec(value)?.[1] ?? []);
  const unclear: string[] = [];
  for (const { node, parent, grand } of places) {
    const text = code.slice(node.start, node.end);
    for (const word of wordsOf(node, makers, loaders)) {
      const specifier = constant(word);
      if (specifier === undefined) unclear.push(text);
      else named.push(specifier);
    }
    if (bringsModule(node)) unclear.push(text);
    if (node.type !== "Identifier" || isName(node, parent)) continue;
    const name = node.name ?? "";
    const plain = makers.has(name) ? makesPlainly(node, parent, grand) : loadsPlainly(node, { parent, grand, makers });
    if ((makers.has(name) || loaders.has(name)) && !plain)
      unclear.push(code.slice((parent ?? node).start, (parent ?? node).end));
  }
  return { named, unclear };
}

function* walk(place: Place): Generator<Place> {
  yield place;
  for (const value of Object.values(place.node).flat()) {
    if (isNode(value)) yield* walk({ node: value, parent: place.node, grand: place.parent });
  }
}

const isNode = (value: unknown): value is Node => typeof value === "object" && value !== null && "type" in value;

/** The constant text of a literal, however it is written. */
function constant(node: Node | undefined): string | undefined {
  if (node?.type === "Literal" && typeof node.value === "string") return node.value;
  if (node?.type !== "TemplateLiteral" || node.expressions?.length !== 0) return undefined;
  return (node.quasis?.[0]?.value as { readonly cooked: string } | undefined)?.cooked;
}

/** What a node asks for: none, or one, which is undefined where an argument is missing. */
function wordsOf(node: Node, makers: ReadonlySet<string>, loaders: ReadonlySet<string>): readonly (Node | undefined)[] {
  switch (node.type) {
    case "ImportDeclaration":
    case "ExportNamedDeclaration":
    case "ExportAllDeclaration":
    case "ImportExpression":
    case "TSImportType":
      return node.source ? [node.source] : [];
    case "TSExternalModuleReference":
      return [node.expression];
    case "TSModuleDeclaration":
      return node.id?.type === "Literal" ? [node.id] : [];
    case "CallExpression": {
      const asked = member(node.callee, "resolve")?.object ?? node.callee;
      const loads = asked?.type === "MetaProperty" || isMade(asked, makers) || loaders.has(asked?.name ?? "");
      return loads ? [node.arguments?.[0]] : [];
    }
    default:
      return [];
  }
}

/** All of `node:module`, of which `createRequire` could be taken by any name. */
function bringsModule(node: Node): boolean {
  if (ofModule(node)) return node.specifiers?.some(({ type }) => type !== "ImportSpecifier") ?? true;
  if (node.type === "ImportExpression") return isModule(constant(node.source ?? undefined));
  if (node.type !== "CallExpression" || member(node.callee, "getBuiltinModule") === undefined) return false;
  const name = constant(node.arguments?.[0]);
  return name === undefined || isModule(name);
}

const isModule = (name: string | undefined): boolean => name === "module" || name === "node:module";

/** An import or an export of it. */
const ofModule = ({ type, source }: Node): boolean =>
  /^(Import|ExportNamed|ExportAll)Declaration$/.test(type) && isModule(constant(source ?? undefined));

const makersIn = (node: Node): readonly string[] =>
  ofModule(node)
    ? (node.specifiers ?? [])
        .filter((one) => [one.imported?.name, one.imported?.value].includes("createRequire"))
        .map((one) => one.local?.name ?? "")
    : [];

const loaderIn = ({ id, init }: Node, makers: ReadonlySet<string>): readonly string[] =>
  isMade(init, makers) && id?.type === "Identifier" ? [id.name ?? ""] : [];

/** `createRequire(...)` */
const isMade = (node: Node | null | undefined, makers: ReadonlySet<string>): boolean =>
  node?.type === "CallExpression" && makers.has(node.callee?.name ?? "");

const member = (node: Node | undefined, name: string): Node | undefined =>
  node?.type === "MemberExpression" && !node.computed && node.property?.name === name ? node : undefined;

/** `const x = createRequire(...)`, `createRequire(...)("y")` and `createRequire(...).resolve("y")`. */
const makesPlainly = (node: Node, parent: Node | undefined, grand: Node | undefined): boolean =>
  parent?.type === "CallExpression" &&
  parent.callee === node &&
  ((grand?.init === parent && grand.id?.type === "Identifier") ||
    (grand?.type === "CallExpression" && grand.callee === parent) ||
    member(grand, "resolve") !== undefined);

/** The variable itself, `x("y")` and `x.resolve("y")`. */
function loadsPlainly(
  node: Node,
  { parent, grand, makers }: Omit<Place, "node"> & { makers: ReadonlySet<string> },
): boolean {
  if (parent?.type === "VariableDeclarator") return parent.id === node && isMade(parent.init, makers);
  if (parent?.type === "CallExpression") return parent.callee === node;
  return member(parent, "resolve") !== undefined && grand?.type === "CallExpression" && grand.callee === parent;
}

/** Whether an identifier is the name of something in something, and no variable. */
function isName(node: Node, parent: Node | undefined): boolean {
  if (parent === undefined || parent.computed === true) return false;
  if (parent.type === "ImportSpecifier") return true;
  return parent.property === node || (parent.key === node && parent.shorthand !== true);
}
