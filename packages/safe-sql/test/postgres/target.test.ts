import { describe, expect, it } from "vitest";
import { readTarget } from "../../src/postgres/connect/target.ts";
import { settingsOf } from "../../src/postgres/settings.ts";

const read = (url: string, more: object = {}) => readTarget({ url, ...more });

describe("where to connect", () => {
  it("reads a URL, percent-encoding and all", () => {
    expect(read("postgres://me:p%40ss%23@db.example:6000/notes")).toEqual({
      host: "db.example",
      port: 6000,
      user: "me",
      password: "p@ss#",
      database: "notes",
      ssl: { rejectUnauthorized: true, minVersion: "TLSv1.2", servername: "db.example" },
    });
    expect(read("postgresql://me@x/db?host=/run/postgresql")).toMatchObject({ host: "/run/postgresql", ssl: false });
    expect(read("postgres://me@[::1]/db")).toMatchObject({ host: "::1", port: 5432, password: "" });
  });

  it.each(["db.example", "10.0.0.1", "localhost.example", "127.0.0.1.example", "[2001:db8::1]"])(
    "verifies TLS to %s",
    (host) => {
      for (const query of ["", "?sslmode=require", "?sslmode=verify-full"])
        expect(read(`postgres://me:x@${host}/db${query}`).ssl).toMatchObject({ rejectUnauthorized: true });
    },
  );

  it.each(["disable", "allow", "prefer", "no-verify", "verify-ca", "", "VERIFY-FULL"])("refuses sslmode=%s", (mode) => {
    expect(() => read(`postgres://me:x@db.example/db?sslmode=${mode}`)).toThrow(
      expect.objectContaining({ code: "invalid_option" }),
    );
  });

  it("sends plain text to another machine only where it is asked for by that name", () => {
    expect(read("postgres://me:x@127.0.0.1/db").ssl).toBe(false);
    expect(read("postgres://me:x@localhost/db").ssl).toBe(false);
    expect(read("postgres://me:x@db.example/db", { dangerouslyAllowPlainText: true }).ssl).toBe(false);
    expect(read("postgres://me:x@127.0.0.1/db", { tls: { ca: "PEM" } }).ssl).toMatchObject({
      ca: "PEM",
      rejectUnauthorized: true,
    });
  });

  it.each([
    ["another protocol", "mysql://me:hunter2@h/db"],
    ["no URL", "hunter2"],
    ["no user", "postgres://h/hunter2"],
    ["no database", "postgres://me:hunter2@h"],
    ["an option that weakens", "postgres://me:hunter2@h/db?uselibpqcompat=true"],
    ["a file of the machine", "postgres://me:hunter2@h/db?sslkey=/etc/hunter2"],
    ["options for the session", "postgres://me:hunter2@h/db?options=-c%20statement_timeout%3D0"],
    ["an option twice", "postgres://me:hunter2@h/db?sslmode=require&sslmode=require"],
    ["a port that is none", "postgres://me:hunter2@x/db?port=99999"],
    ["a fragment", "postgres://me:hunter2@h/db#x"],
    ["a broken escape", "postgres://me:hunter2%ZZ@h/db"],
  ])("refuses %s, and repeats nothing of it", (_, url) => {
    const error = (() => {
      try {
        return read(url);
      } catch (reason) {
        return reason;
      }
    })();
    expect(error).toMatchObject({ code: "invalid_option", hint: expect.stringMatching(/^url: /) });
    expect(JSON.stringify(error) + (error as Error).message).not.toContain("hunter2");
  });
});

describe("numbers", () => {
  it.each([
    [{ poolSize: 0 }, "poolSize"],
    [{ workMemMiB: 1.5 }, "workMemMiB"],
    [{ limits: { timeoutMs: 0 } }, "timeoutMs"],
    [{ limits: { maxRows: Number.NaN } }, "maxRows"],
    [{ limits: { maxCost: -1 } }, "maxCost"],
    [{ schemas: [] }, "schemas"],
    [{ cursorKey: new Uint8Array(8) }, "cursorKey"],
  ])("refuses %j", (options, name) => {
    expect(() => settingsOf({ url: "postgres://me:x@h/db", ...options })).toThrow(
      expect.objectContaining({ code: "invalid_option", hint: expect.stringMatching(`^${name}: `) }),
    );
  });
});
