import type { Json } from "../../model/json-schema.ts";
import type { ApiBody, PropertyEncoding } from "../../model/operation.ts";
import { expandQuery } from "../expand-query.ts";
import { isList } from "../flatten.ts";
import { parameterKey } from "../reserved-names.ts";
import { membersOf } from "./members.ts";

const NONE: ReadonlySet<string> = new Set();

/**
 * `application/x-www-form-urlencoded`. A property with a style is written as a query parameter is; without one a list repeats its name
 * and an object is JSON (OpenAPI 3.1, encoding object). A space is %20, which every reader of forms takes, as RFC 6570 has it.
 */
export function writeForm(body: ApiBody, value: Json): string {
  const members = membersOf(body, value);
  const names = members.map(([name]) => name);
  return members
    .flatMap(([name, member]) => {
      const encoding = encodingOf(body, name);
      return expandQuery(hasStyle(encoding) ? member : asText(member), {
        argument: body.argument,
        name,
        style: encoding.style ?? "form",
        explode: encoding.explode ?? (encoding.style ?? "form") === "form",
        allowReserved: encoding.allowReserved ?? false,
        // Only a style explodes an object. For each of ten thousand members it would cost the square of them.
        taken: hasStyle(encoding) ? new Set(names.filter((other) => other !== name).map(parameterKey)) : NONE,
      });
    })
    .join("&");
}

export function encodingOf(body: ApiBody, name: string): PropertyEncoding {
  return (Object.hasOwn(body.encoding, name) ? body.encoding[name] : undefined) ?? {};
}

function hasStyle({ style, explode, allowReserved }: PropertyEncoding): boolean {
  return style !== undefined || explode !== undefined || allowReserved !== undefined;
}

function asText(value: Json): Json {
  if (value === null || typeof value !== "object") return value;
  if (!isList(value)) return JSON.stringify(value);
  return value.map((item) => (item !== null && typeof item === "object" ? JSON.stringify(item) : item));
}
