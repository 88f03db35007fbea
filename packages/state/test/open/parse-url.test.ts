import { expect, test } from "vitest";
import { parseStateUrl } from "../../src/open/parse-url.ts";

const local = { host: "127.0.0.1", user: undefined, password: undefined, tls: false };

test.each([
  ["memory:", { kind: "memory" }],
  ["sqlite:///var/lib/notes/state.db", { kind: "sqlite", path: "/var/lib/notes/state.db" }],
  ["sqlite:/var/lib/a%20b.db", { kind: "sqlite", path: "/var/lib/a b.db" }],
  ["postgres://127.0.0.1/notes", { kind: "postgres", ...local, port: 5432, database: "notes" }],
  [
    "postgresql://me:p%40ss%23@db.example:6000/notes?sslmode=verify-full",
    { kind: "postgres", host: "db.example", port: 6000, user: "me", password: "p@ss#", database: "notes", tls: true },
  ],
  [
    "postgres://[::1]/notes?sslmode=require",
    { kind: "postgres", ...local, host: "::1", port: 5432, database: "notes", tls: true },
  ],
  [
    "postgres:///notes?host=/run/postgresql",
    { kind: "postgres", ...local, host: "/run/postgresql", port: 5432, database: "notes" },
  ],
  ["redis://127.0.0.1", { kind: "redis", ...local, port: 6379, database: "0" }],
  [
    "rediss://me:secret@[2001:db8::1]:7000/3",
    { kind: "redis", host: "2001:db8::1", port: 7000, user: "me", password: "secret", database: "3", tls: true },
  ],
])("reads %s", (text, expected) => {
  expect(parseStateUrl(text)).toEqual(expected);
});

test.each([
  ["", "not a URL"],
  ["state.db", "not a URL"],
  ["mysql://me:hunter2@host/db", 'no state store "mysql:"'],
  ["https://me:hunter2@host/", "Right are: memory:"],
  ["redis+sentinel://me:hunter2@host/", "Right are"],
  ["memory://shared", "just: memory:"],
  ["sqlite:state.db", "absolute"],
  ["sqlite://state.db", "absolute"],
  ["sqlite://host/state.db", "absolute"],
  ["sqlite:///var/lib/", "absolute"],
  ["sqlite:///a%00b.db", "absolute"],
  ["sqlite:///a.db?mode=ro", '"mode"'],
  ["postgres://me:hunter2@host/", "no database"],
  ["postgres://me:hunter2@/notes", "not a URL"],
  ["postgres:///notes", "no host"],
  ["postgres://me:hunter2@host/notes?sslmod=require", '"sslmod"'],
  ["postgres://me:hunter2@host/notes?sslmode=prefer", "talked out of TLS"],
  ["postgres://me:hunter2@host/notes?sslmode=no-verify", "talked out of TLS"],
  ["postgres://me:hunter2@host/notes?sslmode=require&sslmode=disable", "once each"],
  ["postgres://me:hunter2#x@host/notes", "%23"],
  ["rediss://me:hunter2@host/0#1", "# part"],
  ["postgres://me:%zz@host/notes", "%25"],
  ["rediss://me:hunter2@host/notes", "is a number"],
  ["rediss://me:hunter2@host/0?tls=false", '"tls"'],
])("refuses %s, and repeats no password", (text, reason) => {
  const refused = expect.objectContaining({ code: "invalid", message: expect.stringContaining(reason) });
  expect(() => parseStateUrl(text)).toThrow(refused);
  expect(() => parseStateUrl(text)).not.toThrow("hunter2");
});
