/** Hexadecimal digits of a value masked by `hash`, in every engine: 128 of the 256 bits of its HMAC-SHA-256. */
export const DIGEST_DIGITS = 32;
