import { chmodSync, lstatSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { openState } from "../../src/index.ts";
import { freshFolder, MAC_KEY } from "../support/settings.ts";

const open = (path: string) => openState(`sqlite://${path}`, { namespace: "file", macKeys: [MAC_KEY] });
const mode = (path: string) => lstatSync(path).mode & 0o777;

test("makes folders 0700 and files 0600, whatever the umask", async () => {
  const path = join(freshFolder(), "a", "b", "state.db");
  const before = process.umask?.(0);
  const store = await open(path);
  await store.put("a", "1", { ttlMs: 60_000 });
  if (before !== undefined) process.umask(before);
  expect(mode(dirname(path))).toBe(0o700);
  expect([path, `${path}-wal`, `${path}-shm`].map(mode)).toEqual([0o600, 0o600, 0o600]);
  await store.close();
});

test.each<readonly [string, (path: string) => void]>([
  ["a file that others may read", (path) => writeFileSync(path, "", { mode: 0o644 })],
  ["a folder that others may write to", (path) => chmodSync(dirname(path), 0o777)],
  ["a folder that its group may write to", (path) => chmodSync(dirname(path), 0o770)],
  [
    "a link",
    (path) => {
      writeFileSync(`${path}.other`, "", { mode: 0o600 });
      symlinkSync(`${path}.other`, path);
    },
  ],
  ["a dangling link", (path) => symlinkSync(`${path}.nowhere`, path)],
  ["a folder in its place", (path) => mkdirSync(path)],
])("refuses %s", async (_, arrange) => {
  const path = join(freshFolder(), "state.db");
  arrange(path);
  await expect(open(path)).rejects.toMatchObject({ code: "invalid" });
});

test("a file that is no database is refused", async () => {
  const path = join(freshFolder(), "state.db");
  writeFileSync(path, "SQLite format 3 but not really ".repeat(200), { mode: 0o600 });
  await expect(open(path)).rejects.toMatchObject({ name: "StateError", code: "unavailable" });
});

test("twenty replicas open a new file at once", async () => {
  const path = join(freshFolder(), "state.db");
  const stores = await Promise.all(Array.from({ length: 20 }, () => open(path)));
  await Promise.all(stores.map((store) => store.increment("starts", 1, { ttlMs: 60_000 })));
  expect((await stores[0]?.increment("starts", 0, { ttlMs: 60_000 }))?.value).toBe(20);
  await Promise.all(stores.map((store) => store.close()));
});

test("entries outlive the process that wrote them", async () => {
  const path = join(freshFolder(), "state.db");
  const first = await open(path);
  await first.put("a", "1", { ttlMs: 60_000 });
  await first.close();
  const second = await open(path);
  expect(await second.get("a")).toBe("1");
  await second.close();
});
