import { isJson } from "../http/media-type.ts";
import type { JsonSchema } from "../model/json-schema.ts";
import type { ApiBody, BodyForm, PropertyEncoding } from "../model/operation.ts";
import { deref } from "../schema/refs.ts";
import { isNode, isSchema, own, put, type SchemaNode } from "../schema/words.ts";
import { filesOf, PATH_OF_FILE } from "./body-files.ts";
import type { Entry } from "./entries.ts";
import type { Mapping } from "./mapping.ts";
import { isSendable, plainType } from "./media-type.ts";
import { type Report, reportSchema, Unfit } from "./report.ts";

/** The forms, the best first: what says most about its parts, and needs least. */
const FORMS: readonly (readonly [BodyForm, (type: string) => boolean])[] = [
  ["json", (type) => type === "application/json"],
  ["json", isJson],
  ["urlencoded", (type) => type === "application/x-www-form-urlencoded"],
  ["multipart", (type) => type === "multipart/form-data"],
  ["text", (type) => type === "text/plain"],
  ["text", (type) => type.startsWith("text/")],
  ["file", (type) => type === "application/octet-stream"],
  ["file", () => true],
];

/**
 * The body of an operation in one of the forms that can be written.
 *
 * @throws {Unfit} it has to be there and cannot be
 */
export function bodyOf(
  entry: Entry,
  mapping: Mapping,
  nameArgument: (name: string, place: string) => string,
  report: Report,
): ApiBody | undefined {
  const declared = own(entry.node, "requestBody");
  if (declared === undefined) return undefined;
  const node = deref(mapping.root, declared);
  if (!isNode(node)) throw new Unfit("unresolved_ref", "Its body leads out of the document, or to nothing.");
  // RFC 9110, sections 9.3.1 and 9.3.2: a body of GET or HEAD has no meaning, and servers disagree about it (request smuggling).
  const isRequired = own(node, "required") === true;
  if (entry.method === "GET" || entry.method === "HEAD") {
    report.lose("the body", isRequired, "body_of_get", "A GET or HEAD is sent without a body.");
    return undefined;
  }
  const found = formOf(own(node, "content"), mapping.hasUploads);
  if (found === undefined) {
    report.lose("the body", isRequired, "no_body_form", "None of its media types can be written.");
    return undefined;
  }
  if (found === "no_uploads") {
    report.lose("the body", isRequired, "no_uploads", "It is a file, and no upload roots are configured.");
    return undefined;
  }
  const { form, contentType, media, others } = found;
  if (others > 0)
    report.part("the body", "other_body_form", `It is sent as ${contentType}; its other media types are not used.`);
  const declaredSchema: unknown = own(media, "schema") ?? true;
  const problem = mapping.schemas.scanner.problemOf(declaredSchema);
  if (problem !== undefined || !isSchema(declaredSchema)) {
    report.lose("the body", isRequired, problem?.reason ?? "bad_schema", problem?.message ?? "It has no schema.");
    return undefined;
  }
  reportSchema(report, "the body", declaredSchema, mapping.schemas.scanner);
  const { schema, files } = schemaOf(form, declaredSchema, mapping, report);
  return {
    argument: nameArgument("body", "body"),
    required: isRequired,
    form,
    contentType,
    schema,
    description: describe(form, report.told("the body", own(node, "description"), 512)),
    files,
    encoding: form === "multipart" || form === "urlencoded" ? encodingOf(own(media, "encoding")) : {},
  };
}

/** What an API says of a file's content would make a model send content. */
function describe(form: BodyForm, told: string | undefined): string | undefined {
  if (form !== "file") return told;
  return told === undefined ? PATH_OF_FILE.description : `${told} ${PATH_OF_FILE.description}`;
}

interface Form {
  readonly form: BodyForm;
  readonly contentType: string;
  readonly media: SchemaNode;
  readonly others: number;
}

function formOf(content: unknown, hasUploads: boolean): Form | "no_uploads" | undefined {
  if (!isNode(content)) return undefined;
  // `*/*` says that anything goes; JSON does.
  const types = Object.entries(content).flatMap(([type, media]) => {
    const plain = plainType(type) === "*/*" ? "application/json" : plainType(type);
    return isNode(media) && isSendable(plain) ? [{ plain, media }] : [];
  });
  for (const [form, isIt] of FORMS) {
    const found = types.find(({ plain }) => isIt(plain));
    if (found === undefined) continue;
    if (form === "file" && !hasUploads) return "no_uploads";
    return { form, contentType: found.plain, media: found.media, others: types.length - 1 };
  }
  return undefined;
}

function schemaOf(
  form: BodyForm,
  schema: JsonSchema,
  mapping: Mapping,
  report: Report,
): { readonly schema: JsonSchema; readonly files: readonly string[] } {
  const loseFile = (name: string, isRequired: boolean) =>
    report.lose(`body property ${name}`, isRequired, "no_uploads", "It is a file, and no upload roots are configured.");
  if (form === "file") return { schema: PATH_OF_FILE, files: [] };
  if (form === "text") return { schema: isText(schema, mapping) ? schema : { type: "string" }, files: [] };
  if (form === "multipart") return filesOf(schema, mapping, loseFile);
  return { schema, files: [] };
}

function isText(schema: JsonSchema, { root }: Mapping): boolean {
  const node = deref(root, schema);
  return isNode(node) && own(node, "type") === "string";
}

function encodingOf(encoding: unknown): Readonly<Record<string, PropertyEncoding>> {
  const made: Record<string, PropertyEncoding> = {};
  for (const [name, one] of Object.entries(isNode(encoding) ? encoding : {})) {
    if (!isNode(one)) continue;
    const type = own(one, "contentType");
    const plain = typeof type === "string" ? plainType(type.split(",", 1)[0] ?? "") : "";
    const style = own(one, "style");
    const explode = own(one, "explode");
    put(made, name, {
      ...(isSendable(plain) && !plain.includes("*") ? { contentType: plain } : {}),
      ...(style === "form" || style === "spaceDelimited" || style === "pipeDelimited" || style === "deepObject"
        ? { style }
        : {}),
      ...(typeof explode === "boolean" ? { explode } : {}),
      ...(own(one, "allowReserved") === true ? { allowReserved: true } : {}),
    });
  }
  return made;
}
