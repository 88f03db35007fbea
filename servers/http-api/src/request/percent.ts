/** What encodeURIComponent leaves and RFC 3986 (2.2) reserves. */
const LEFT_OVER = /[!'()*]/g;
/** What `allowReserved` leaves as it is, as encodeURIComponent writes it. */
const RESERVED = /%(?:3A|2F|3F|5B|5D|40|24|2C)/g;

/**
 * Everything but unreserved characters as percent-encoded UTF-8 (RFC 6570, 3.2.1).
 *
 * @param text well-formed; a lone surrogate is a URIError
 */
export function encode(text: string): string {
  return encodeURIComponent(text).replace(LEFT_OVER, hex);
}

/**
 * As {@link encode}, but `:/?[]@!$()*,` stay (OpenAPI's `allowReserved`). `&`, `;`, `=`, `+` and `#` are encoded all the same, or a value
 * could begin a further parameter (at `;` for readers of old forms, CVE-2021-23336); so is `'`, which the URL parser would encode behind our back; and a percent sign is never taken for
 * an escape, or the value that was checked is not the one that arrives.
 */
export function encodeButReserved(text: string): string {
  return encodeURIComponent(text).replaceAll("'", "%27").replace(RESERVED, decodeURIComponent);
}

function hex(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
}
