/** Of one API key, `hmcp_<id>_<secret>`: a fixed start, so that scanners of repositories can find one that leaked. */
export const KEY_PREFIX = "hmcp_";
/** 256 bits in base64url. */
export const SECRET_LENGTH = 43;

const ID = /^[A-Za-z0-9-]{1,64}$/;

export function isKeyId(id: unknown): id is string {
  return typeof id === "string" && ID.test(id);
}

/** The id that `text` names, if it has the form of a key. The secret may hold `_` itself, so it is cut off by length. */
export function keyIdOf(text: string): string | undefined {
  const cut = text.length - SECRET_LENGTH - 1;
  const id = text.slice(KEY_PREFIX.length, Math.max(0, cut));
  return text.startsWith(KEY_PREFIX) && text[cut] === "_" && isKeyId(id) ? id : undefined;
}
