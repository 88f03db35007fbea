/** One way to write a parameter, as OpenAPI 3.1, section 4.8.12.2 has them. */
export interface StyleCase {
  /** Path of the operation, below the base; with `{value}` for one in the path. */
  readonly path: string;
  readonly operationId: string;
  readonly in: "path" | "query" | "header";
  /** Its name on the wire; in the query `value`, in a header `X-Value`. */
  readonly name: string;
  readonly style: "simple" | "label" | "matrix" | "form" | "spaceDelimited" | "pipeDelimited" | "deepObject";
  readonly explode: boolean;
  readonly shape: "primitive" | "array" | "object";
}

const SCHEMAS = {
  primitive: { type: "string" },
  array: { type: "array", items: { type: "string" } },
  object: {
    type: "object",
    properties: { R: { type: "integer" }, G: { type: "integer" }, B: { type: "integer" } },
    additionalProperties: false,
  },
} as const;

const WAYS: readonly (readonly [
  StyleCase["in"],
  StyleCase["style"],
  explode: readonly boolean[],
  StyleCase["shape"][],
])[] = [
  ["path", "simple", [false, true], ["primitive", "array", "object"]],
  ["path", "label", [false, true], ["primitive", "array", "object"]],
  ["path", "matrix", [false, true], ["primitive", "array", "object"]],
  ["query", "form", [false, true], ["primitive", "array", "object"]],
  ["query", "spaceDelimited", [false], ["array", "object"]],
  ["query", "pipeDelimited", [false], ["array", "object"]],
  ["query", "deepObject", [true], ["object"]],
  ["header", "simple", [false, true], ["primitive", "array", "object"]],
];

export const STYLE_CASES: readonly StyleCase[] = WAYS.flatMap(([place, style, explodes, shapes]) =>
  explodes.flatMap((explode) =>
    shapes.map((shape): StyleCase => {
      const words = [place, style, explode ? "exploded" : "flat", shape];
      return {
        path: `/styles/${words.join("/")}${place === "path" ? "/{value}" : ""}`,
        operationId: words.map((word, at) => (at === 0 ? word : word[0]?.toUpperCase() + word.slice(1))).join(""),
        in: place,
        name: place === "header" ? "X-Value" : "value",
        style,
        explode,
        shape,
      };
    }),
  ),
);

/** Paths of the document, one operation for each case; each answers with an `Echo`. */
export function stylePaths(): Record<string, unknown> {
  return Object.fromEntries(
    STYLE_CASES.map((one) => [
      one.path,
      {
        get: {
          operationId: one.operationId,
          tags: ["styles"],
          parameters: [
            {
              name: one.name,
              in: one.in,
              required: one.in === "path",
              style: one.style,
              explode: one.explode,
              schema: SCHEMAS[one.shape],
            },
          ],
          responses: { "200": { $ref: "#/components/responses/Echo" } },
        },
      },
    ]),
  );
}
