import type { Json } from "../../model/json-schema.ts";
import type { ApiBody } from "../../model/operation.ts";
import { isList } from "../flatten.ts";
import { refuseArgument } from "../refuse-argument.ts";

/** The members of a form; what is null is left out. @throws {CallError} anything but an object */
export function membersOf({ argument }: ApiBody, value: Json): readonly (readonly [string, Json])[] {
  if (value === null || typeof value !== "object" || isList(value)) {
    refuseArgument(argument, "has to be an object.", "body_object");
  }
  return Object.entries(value).filter(([, member]) => member !== null);
}
