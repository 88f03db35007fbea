import { expect, it } from "vitest";
import { publicErrorOf, SQL_ERROR_MEANINGS, SQL_PUBLIC_CODES, SqlError, type SqlErrorCode } from "../src/index.ts";

const CANARY = "SQLITE_ERROR: near /srv/shop.db";

it.each(Object.keys(SQL_PUBLIC_CODES) as SqlErrorCode[])("tells of %s its meaning and no word of its cause", (code) => {
  const told = publicErrorOf(new SqlError(code, { hint: "It would change 7.", cause: new Error(CANARY) }));
  const meaning = `${SQL_ERROR_MEANINGS[code]} It would change 7.`;
  const startOnly = code === "invalid_option" || code === "unsafe_role";
  expect(told).toEqual(startOnly ? undefined : { code: SQL_PUBLIC_CODES[code], message: meaning, rule: `sql/${code}` });
});

it.each([new Error(CANARY), CANARY, { code: "denied", message: CANARY }, undefined])(
  "tells nothing of what is no error of a source",
  (thrown) => expect(publicErrorOf(thrown)).toBeUndefined(),
);

it("cuts a hint, and shows no character in it that a reader could not see", () => {
  const hint = `no such table: a\u0000b\u202ec\u200bd\n${"x".repeat(1000)}`;
  const message = publicErrorOf(new SqlError("unknown_name", { hint }))?.message ?? "";
  expect(message).toMatch(/no such table: a\?b\?c\?d\?x+…$/);
  expect(message.length).toBeLessThan(400);
});
