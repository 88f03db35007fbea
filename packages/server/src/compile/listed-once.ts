import type { Redactor } from "@hardened-mcp/redact";

/** Something listed, as it leaves, with the bytes of its JSON. */
export interface ListedOnce {
  readonly value: object;
  readonly bytes: number;
}

/** A list that is made of such things only, and needs no second look. */
export interface Listing {
  readonly page: Record<string, unknown>;
  readonly bytes: number;
}

/** What never changes while a server runs is redacted and measured once, and not before it is listed. */
export function listedOnce(redactor: Redactor, listed: object): ListedOnce {
  let shown: ListedOnce | undefined;
  const show = (): ListedOnce => {
    if (shown === undefined) {
      const json = JSON.stringify(listed);
      const value = redactor.isCleanJson(json) ? listed : (redactor.value(listed) as object);
      shown = { value, bytes: Buffer.byteLength(value === listed ? json : JSON.stringify(value)) };
    }
    return shown;
  };
  return {
    get value() {
      return show().value;
    },
    get bytes() {
      return show().bytes;
    },
  };
}

/** A page under its key, `tools` say. */
export function listing(key: string, items: readonly ListedOnce[], nextCursor?: string): Listing {
  const page = { [key]: items.map(({ value }) => value), ...(nextCursor === undefined ? {} : { nextCursor }) };
  const around = Buffer.byteLength(JSON.stringify({ ...page, [key]: [] }));
  const commas = Math.max(items.length - 1, 0);
  return { page, bytes: items.reduce((sum, { bytes }) => sum + bytes, around + commas) };
}
