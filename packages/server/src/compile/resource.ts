import { z } from "zod";
import { isCanonicalUri } from "../define/canonical-uri.ts";
import { resourceContents } from "../define/content.ts";
import type { ResourceDefinition } from "../define/resource.ts";
import { compileUriTemplate } from "../define/uri-template.ts";
import type { Operation } from "../operation.ts";
import { argsRules, hashedMarks } from "./args-rules.ts";
import { definitionHash } from "./definition-hash.ts";
import { hashedUnlisted } from "./hashed-parts.ts";
import type { OperationLimits } from "./limits.ts";

/** Longest URI a client may ask for, in characters. */
const MAX_URI = 8192;

/** The variables are named one by one, so that policies can speak of them. */
const inputOf = (names: readonly string[]) =>
  z.strictObject({
    uri: z.string().max(MAX_URI),
    variables: z.strictObject(Object.fromEntries(names.map((name) => [name, z.string().max(MAX_URI)]))),
  });
const output = z.array(resourceContents).min(1).max(1000);

/** A compiled resource: a fixed URI or a family that matches some. */
export interface CompiledResource {
  readonly definition: ResourceDefinition;
  readonly operation: Operation;
  readonly isTemplate: boolean;
  /** The variables of `uri`, or `undefined` when it is not one of these, or not in its one spelling. */
  match(uri: string): Readonly<Record<string, string>> | undefined;
}

/** @throws {TypeError} a URI template outside the supported part of RFC 6570; a fixed URI that nobody could ever read */
export function compileResource(definition: ResourceDefinition, limits: OperationLimits): CompiledResource {
  const { names, match } = compileUriTemplate(definition.uri);
  const input = inputOf(names);
  const { name, description, uri, scope } = definition;
  const isTemplate = names.length > 0;
  if (!isTemplate && !isOneSpelling(definition, uri)) {
    const near = URL.parse(uri)?.href;
    const fix = near === undefined || near === uri ? "" : ` Write: ${near}.`;
    throw new TypeError(`${JSON.stringify(uri)} is not in the one spelling that can be read (RFC 3986, 6.2.2).${fix}`);
  }
  const operation: Operation = {
    method: "resources/read",
    target: { method: "resources/read", name, effect: "read", scope, needsApproval: false },
    definition: definitionHash([
      name,
      description,
      uri,
      scope,
      definition.mimeType,
      ...hashedMarks(definition.audit),
      ...hashedUnlisted(definition),
    ]),
    input,
    keys: ["uri"],
    output,
    form: "contents",
    present: undefined,
    untrusted: definition.untrusted,
    errors: definition.errors,
    argsRules: argsRules(names, definition.audit),
    // With the template, which the definition's hash stands for, they say all that the URI does; it would give away a
    // variable that is dropped.
    recorded: (args) => (args as z.output<ReturnType<typeof inputOf>>).variables,
    ...limits,
    // The schema above is what makes the cast true.
    run: (args, call) => definition.read(args as z.output<ReturnType<typeof inputOf>>, call),
  };
  return {
    definition,
    operation,
    isTemplate,
    match: (asked) => {
      const variables = asked.length > MAX_URI ? undefined : match(asked);
      return variables !== undefined && isOneSpelling(definition, asked) ? variables : undefined;
    },
  };
}

/** Another spelling does not exist, whoever asks: a throw here would tell a family that may not be seen from none. */
function isOneSpelling({ isCanonical }: ResourceDefinition, uri: string): boolean {
  if (!isCanonicalUri(uri)) return false;
  try {
    return isCanonical(uri) === true;
  } catch {
    return false;
  }
}
