/** A media type without parameters, in lower case. */
export function plainType(type: string): string {
  return (type.split(";", 1)[0] ?? "").trim().toLowerCase();
}

/** A type that can be sent as it is: no wildcard, nothing that would end a header. */
export function isSendable(type: string): boolean {
  return /^[a-z0-9!#$&^_.+-]{1,64}\/[a-z0-9!#$&^_.+-]{1,128}$/.test(type);
}
