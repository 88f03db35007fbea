import { execFileSync, spawn } from "node:child_process";
import {
  closeSync,
  copyFileSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, it, onTestFinished } from "vitest";
import { ANYONE, ask, CANARY, fileOf, folder, open, refusal, rows } from "./support.ts";

const ENDLESS = "with recursive n(i) as (values (1) union all select i + 1 from n) select count(*) from n";

/** Processes that this one started and that hold SQLite. */
function children(): number[] {
  return readdirSync("/proc")
    .filter((pid) => /^\d+$/.test(pid))
    .map(Number)
    .filter((pid) => {
      try {
        const parent = readFileSync(`/proc/${pid}/stat`, "latin1").split(") ")[1]?.split(" ")[1];
        return parent === String(process.pid) && readFileSync(`/proc/${pid}/cmdline`, "latin1").includes("child/main");
      } catch {
        return false;
      }
    });
}

function killChildren(): void {
  for (const pid of children()) {
    process.kill(pid, "SIGKILL");
  }
}

/** Puts a file system of 3 MiB at `path`, for the test. */
function mountSmall(path: string): void {
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=3m", "tmpfs", path], { stdio: "pipe" });
  } catch (cause) {
    throw new Error("This test needs a small file system: run it where mount is allowed (root, CAP_SYS_ADMIN).", {
      cause,
    });
  }
  onTestFinished(() => void execFileSync("umount", ["-l", path]));
}

/** A busy machine starts a process in a second. */
const PATIENT = { timeout: 15_000 };

it("a child killed in the middle of a statement: unavailable, and the next statement is served", async () => {
  const source = await open({ processes: 1 });
  let found: { code: string } | undefined;
  const running = refusal(source.query({ sql: ENDLESS, caller: ANYONE })).then((refused) => {
    found = refused;
  });
  // One that dies at once is asked again elsewhere; it is killed until its statement gives up.
  await expect
    .poll(() => {
      killChildren();
      return found;
    }, PATIENT)
    .toMatchObject({ code: "unavailable" });
  await running;
  await expect.poll(() => rows(source, "select count(*) from orders").catch(() => undefined), PATIENT).toEqual([[3]]);
  expect(await source.health()).toBe("up");
  killChildren();
  await expect.poll(() => rows(source, "select count(*) from orders").catch(() => undefined), PATIENT).toEqual([[3]]);
});

it("a file replaced under the server: the new one is read, under the same rules", async () => {
  const file = fileOf();
  const source = await open({ file, rules: { tables: { orders: { deny: ["total"] } } } });
  expect(await rows(source, "select count(*) from orders")).toEqual([[3]]);
  renameSync(
    fileOf(
      "create table orders (id integer primary key, total real, secret text); insert into orders values (9, 1, 'x')",
    ),
    file,
  );
  expect(await rows(source, "select id from orders")).toEqual([[9]]);
  expect(await refusal(ask(source, "select total from orders"))).toMatchObject({ code: "unknown_name" });
  // A file that the rules do not fit is not served at all: a mask that fits nothing protects nothing.
  renameSync(fileOf("create table orders (id integer primary key, sum real)"), file);
  expect(await refusal(ask(source, "select * from orders"))).toMatchObject({ code: "unavailable" });
});

it("a file that is gone: unavailable and away, until it is back", async () => {
  const file = fileOf();
  const source = await open({ file });
  renameSync(file, `${file}.away`);
  expect(await refusal(ask(source, "select 1"))).toMatchObject({ code: "unavailable" });
  expect(await source.health()).toBe("away");
  renameSync(`${file}.away`, file);
  expect(await rows(source, "select count(*) from orders")).toEqual([[3]]);
  expect(await source.health()).toBe("up");
});

it("a schema changed between two statements, or while one runs: never a row that the rules deny", async () => {
  const file = fileOf();
  const source = await open({ file, rules: { tables: { customers: { deny: ["email", "note"] }, orders: {} } } });
  const sql = "select * from customers";
  expect((await ask(source, sql)).columns.map(({ name }) => name)).toEqual(["id", "name", "tenant"]);
  const other = new DatabaseSync(file);
  onTestFinished(() => other.close());
  other.exec("alter table customers add column city text default 'Rome'");
  expect((await ask(source, sql)).columns.map(({ name }) => name)).toEqual(["id", "name", "tenant", "city"]);
  other.exec("alter table orders rename to old_orders; create view orders as select person, amount from salaries");
  expect(await refusal(ask(source, "select * from orders"))).toMatchObject({ code: "unknown_name" });
  other.exec("drop view orders; alter table old_orders rename to orders");
  expect(await rows(source, "select count(*) from orders")).toEqual([[3]]);
  const slow = ask(
    source,
    "select (select max(o.total) from orders o, orders p, orders q), c.* from customers c, orders a, orders b, orders d",
  );
  other.exec("alter table customers rename column note to remark");
  const found = await slow.catch((error) => error);
  expect(JSON.stringify(found)).not.toContain(CANARY);
  // The denial of `note` fits nothing now: the source says that it is away, and shows no `remark`.
  expect(await refusal(ask(source, sql))).toMatchObject({ code: "unavailable" });
});

it("a corrupt file: unavailable, no text of the engine, and well again when it is mended", async () => {
  const file = fileOf(
    "create table t (id integer primary key, s text); with recursive n(i) as (values (1) union all select i + 1 from n limit 5000) insert into t select i, hex(randomblob(50)) from n",
  );
  const good = `${file}.good`;
  copyFileSync(file, good);
  const source = await open({ file, limits: { timeoutMs: 5000 } });
  const whole = await rows(source, "select count(*), sum(length(s)) from t");
  const handle = openSync(file, "r+");
  for (let page = 3; page < 60; page++) {
    writeSync(handle, Buffer.alloc(4096, 0xff), 0, 4096, page * 4096);
  }
  closeSync(handle);
  const broken = await open({ file });
  const found = await refusal(ask(broken, "select count(*), sum(length(s)) from t"));
  expect(found).toEqual({ code: "unavailable", hint: undefined });
  copyFileSync(good, `${file}.new`);
  renameSync(`${file}.new`, file);
  expect(await rows(broken, "select count(*), sum(length(s)) from t")).toEqual(whole);
  expect(await refusal(open({ file: fileOf("", join(folder(), "x.db")) }))).toMatchObject({ code: "answered" });
});

it("a file that is no database: refused at the start", async () => {
  const path = join(folder(), "not.db");
  copyFileSync(process.execPath, path);
  expect(await refusal(open({ file: path }))).toMatchObject({ code: "unavailable" });
});

it("a WAL left by a writer that crashed: what was committed is read", async () => {
  const file = fileOf("create table t (v int); pragma journal_mode = wal;");
  const script = `
    const { DatabaseSync } = require("node:sqlite");
    const d = new DatabaseSync(${JSON.stringify(file)});
    d.exec("insert into t values (1); begin; insert into t values (2)");
    process.kill(process.pid, "SIGKILL");`;
  await new Promise((resolve) => spawn(process.execPath, ["-e", script]).once("exit", resolve));
  expect(existsSync(`${file}-wal`)).toBe(true);
  const source = await open({ file });
  expect(await rows(source, "select v from t")).toEqual([[1]]);
});

it("a disk that is full while sorting: too large, and the next statement is served", async () => {
  const file = fileOf();
  const small = folder();
  mountSmall(small);
  const before = process.env["TMPDIR"];
  process.env["TMPDIR"] = small;
  const source = await open({ file }).finally(() => {
    if (before === undefined) {
      delete process.env["TMPDIR"];
    } else {
      process.env["TMPDIR"] = before;
    }
  });
  const sort =
    "with recursive n(i) as (values (1) union all select i + 1 from n limit 200000) select i, hex(randomblob(50)) as s from n order by s";
  expect(await refusal(ask(source, sort))).toMatchObject({ code: "too_large" });
  expect(await rows(source, "select count(*) from orders")).toEqual([[3]]);
});

it("a sort larger than a temporary file may be: too large", async () => {
  const source = await open({ limits: { maxTempBytes: 2 * 1024 * 1024 } });
  const sort =
    "with recursive n(i) as (values (1) union all select i + 1 from n limit 200000) select i, hex(randomblob(50)) as s from n order by s";
  expect(await refusal(ask(source, sort))).toMatchObject({ code: "too_large" });
  expect(await rows(source, "select count(*) from orders")).toEqual([[3]]);
});

it("a database locked by a writer: conflict, then answered", async () => {
  const file = fileOf();
  const source = await open({ file, limits: { timeoutMs: 1000 } });
  const other = new DatabaseSync(file);
  other.exec("begin exclusive");
  expect(await refusal(ask(source, "select count(*) from orders"))).toMatchObject({ code: "conflict" });
  other.exec("commit");
  other.close();
  expect(await rows(source, "select count(*) from orders")).toEqual([[3]]);
});

it("a file on a medium that cannot be written is read", async () => {
  const medium = folder();
  mountSmall(medium);
  const file = fileOf(undefined, join(medium, "data.db"));
  execFileSync("mount", ["-o", "remount,ro", medium]);
  const source = await open({ file });
  expect(await rows(source, "select count(*) from orders")).toEqual([[3]]);
});
