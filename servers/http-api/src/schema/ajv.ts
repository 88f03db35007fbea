import type { Ajv2020 } from "ajv/dist/2020.js";
import type { FormatsPluginOptions } from "ajv-formats";
import type { Json } from "../model/json-schema.ts";
import { onDemand } from "../on-demand.ts";
import type { Pattern } from "./patterns.ts";
import { spend, type Work } from "./work.ts";

/** Formats that are held against values; others say something to people only (JSON Schema 2020-12, validation, section 7.2.1). */
const FORMATS: FormatsPluginOptions = [
  "date",
  "time",
  "date-time",
  "duration",
  "uri",
  "uri-reference",
  "email",
  "hostname",
  "ipv4",
  "ipv6",
  "uuid",
  "byte",
  "int32",
  "int64",
];

/** Keyword that counts a use of a shared schema. */
export const STEP = "hmcpStep";

export function createAjv(
  patterns: (source: string) => Pattern | undefined,
  work: Work,
  options: { readonly allErrors: boolean },
): Ajv2020 {
  const { Ajv2020: Ajv } = onDemand.ajv();
  const ajv = new Ajv({
    strict: false,
    // What comes in was made by `convert`, of known keywords with well-formed values.
    validateSchema: false,
    addUsedSchema: false,
    // `properties: { constructor: ... }` must not find what every object inherits.
    ownProperties: true,
    allErrors: options.allErrors,
    messages: false,
    logger: false,
    code: { regExp: engineOf(patterns) },
  });
  onDemand.ajvFormats().default(ajv, FORMATS);
  // ajv compares every two elements: 4,000 of them take 0.4 s, 100,000 take minutes (measured).
  ajv.removeKeyword("uniqueItems");
  ajv.addKeyword({
    keyword: "uniqueItems",
    type: "array",
    schemaType: "boolean",
    errors: false,
    validate: (wanted: boolean, value: readonly Json[]) =>
      !wanted || new Set(value.map(canonical)).size === value.length,
  });
  ajv.addKeyword({
    keyword: STEP,
    errors: false,
    validate: () => {
      spend(work, "uses", 1);
      return true;
    },
  });
  return ajv;
}

type Engine = NonNullable<NonNullable<ConstructorParameters<typeof Ajv2020>[0]>["code"]>["regExp"];

function engineOf(patterns: (source: string) => Pattern | undefined): NonNullable<Engine> {
  const engine = (source: string) => {
    const pattern = patterns(source);
    return { test: (text: string) => pattern?.test(text) ?? false, toString: () => `re2:${source}` };
  };
  return Object.assign(engine, { code: "re2" });
}

/** Equal texts for equal values, whatever the order of keys. */
function canonical(value: Json): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    if (typeof part !== "object" || part === null || Array.isArray(part)) return part;
    return Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1));
  });
}
