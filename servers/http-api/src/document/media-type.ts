/** A media type without parameters, in lower case. */
export function plainType(type: string): string {
  return (type.split(";", 1)[0] ?? "").trim().toLowerCase();
}

/** RFC 8259, and the `+json` suffix of RFC 6839, section 3.1. */
export function isJsonType(type: string): boolean {
  return /^application\/(?:[a-z0-9!#$&^_.+-]+\+)?json$/.test(type) || type === "text/json";
}

/** A type that can be sent as it is: no wildcard, nothing that would end a header. */
export function isSendable(type: string): boolean {
  return /^[a-z0-9!#$&^_.+-]{1,64}\/[a-z0-9!#$&^_.+-]{1,128}$/.test(type);
}
