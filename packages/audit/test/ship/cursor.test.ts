import { existsSync, readFileSync, rmSync, statSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { FIRST, temporaryFolder, writeLog } from "../support.ts";
import { type HandLog, handLog } from "./support/hand-log.ts";
import { type OtlpReceiver, otlpReceiver } from "./support/otlp-receiver.ts";
import { expectStatus, lines, ship, until } from "./support/shipping.ts";

const bodies = (receiver: OtlpReceiver) => receiver.records.map(({ body }) => body);
const gaps = (receiver: OtlpReceiver) => receiver.records.filter(({ eventName }) => eventName === "hardened_mcp.gap");

/** Record `seq` of a log that is not this one. */
function foreign(seq: number): string {
  const other = handLog(temporaryFolder(), "test/DDDDDDDDDDDDDDDDDDDDDD");
  other.append(seq + 1);
  return other.lines[seq] ?? "";
}

/** A log of 22 records that was shipped, and its cursor. */
async function shipped() {
  const dir = temporaryFolder();
  await writeLog(dir, 10);
  const receiver = await otlpReceiver();
  const exports = [{ otlp: { url: receiver.url } }];
  const first = await ship({ dir, exports });
  await first.close();
  expect(receiver.records).toHaveLength(22);
  receiver.records.length = 0;
  const cursor = join(dir, "ship-otlp.json");
  return { dir, receiver, cursor, again: () => ship({ dir, exports }) };
}

/** A log made by hand on its way to a collector. */
async function following() {
  const dir = temporaryFolder();
  const log: HandLog = handLog(dir);
  log.append(10);
  const receiver = await otlpReceiver();
  const start = () => ship({ dir, exports: [{ otlp: { url: receiver.url } }] });
  const arrived = (): Promise<void> => until(() => expect(bodies(receiver)).toEqual(log.lines));
  return { dir, log, receiver, start, arrived };
}

describe("the cursor", () => {
  it("names log, place and last record, for its owner only", async () => {
    const { dir, cursor } = await shipped();
    const last = JSON.parse(lines(dir).at(-1) ?? "");
    expect(JSON.parse(readFileSync(cursor, "utf8"))).toEqual({
      v: 1,
      log: last.log,
      next: 22,
      hash: last.hash,
      segment: FIRST,
      offset: statSync(join(dir, FIRST)).size,
    });
    expect(statSync(cursor).mode & 0o777).toBe(0o600);
  });

  it("is found again by counting where its hint is wrong", async () => {
    const { dir, receiver, cursor, again } = await shipped();
    const stored = JSON.parse(readFileSync(cursor, "utf8"));
    writeFileSync(cursor, JSON.stringify({ ...stored, offset: 17 }));
    await writeLog(dir, 1);
    const shipping = await again();
    await shipping.close();
    expect(bodies(receiver)).toEqual(lines(dir).slice(22));
  });

  it.each([
    ["damaged", "{", "cursor_damaged"],
    ["of another form", '{"v":1,"log":"x","next":-1}', "cursor_damaged"],
    ["of another log", { log: "test/BBBBBBBBBBBBBBBBBBBBBB" }, "other_log"],
    ["beyond the end", { next: 99 }, "log_cut"],
    ["behind a record that is another one now", { hash: "B".repeat(43) }, "log_changed"],
  ])("that is %s starts over with what is there, and says so to both sides", async (_, content, code) => {
    const { dir, receiver, cursor, again } = await shipped();
    const stored = JSON.parse(readFileSync(cursor, "utf8"));
    writeFileSync(cursor, typeof content === "string" ? content : JSON.stringify({ ...stored, ...content }));
    const shipping = await again();
    await until(() => expect(bodies(receiver).slice(1)).toEqual(lines(dir)));
    expect(gaps(receiver)).toHaveLength(1);
    expect(gaps(receiver)[0]).toMatchObject({
      severityText: "ERROR",
      attributes: { "hardened_mcp.gap.reason": code, "hardened_mcp.gap.to": 0 },
    });
    const lastNotice = expect.objectContaining({ code, to: 0 });
    await until(() => expectStatus(shipping, "otlp").toMatchObject({ state: "ok", next: 22, lastNotice }));
  });

  it("never writes through a link that was put in its way", async () => {
    const { dir, again } = await shipped();
    const victim = join(temporaryFolder(), "victim");
    writeFileSync(victim, "precious");
    symlinkSync(victim, join(dir, "ship-otlp.json.new"));
    await writeLog(dir, 1);
    const shipping = await again();
    await shipping.close();
    expect(readFileSync(victim, "utf8")).toBe("precious");
  });

  it("notices a log that is cut while it runs", async () => {
    const { dir, log, receiver, start, arrived } = await following();
    const shipping = await start();
    await arrived();
    truncateSync(join(dir, FIRST), Buffer.byteLength(`${log.lines.slice(0, 4).join("\n")}\n`));
    const lastNotice = expect.objectContaining({ code: "log_cut", from: 10, to: 0 });
    await until(() => expectStatus(shipping, "otlp").toMatchObject({ lastNotice, next: 4 }));
    expect(gaps(receiver)).toHaveLength(1);
  });

  it("notices a log that is replaced while it runs", async () => {
    const { dir, start, arrived, receiver } = await following();
    const shipping = await start();
    await arrived();
    rmSync(join(dir, FIRST));
    const other = handLog(dir, "test/CCCCCCCCCCCCCCCCCCCCCC");
    other.append(3);
    const lastNotice = expect.objectContaining({ code: "other_log" });
    await until(() => expectStatus(shipping, "otlp").toMatchObject({ lastNotice, next: 3 }));
    await until(() => expect(bodies(receiver).slice(-3)).toEqual(other.lines));
  });

  it.each<[string, (lines: string[]) => string[]]>([
    ["a record was changed", (all) => all.map((line) => line.replace('"ref":"r5"', '"ref":"r6"'))],
    ["a record was taken out", (all) => all.filter((_, seq) => seq !== 5)],
    ["two records changed places", (all) => [...all.slice(0, 5), all[6] ?? "", all[5] ?? "", ...all.slice(7)]],
    ["a record of another log was put in", (all) => all.with(5, foreign(5))],
  ])("sends all up to where %s, and nothing from there", async (_, tamper) => {
    const { dir, log, receiver, start } = await following();
    writeFileSync(
      join(dir, FIRST),
      tamper([...log.lines])
        .map((line) => `${line}\n`)
        .join(""),
    );
    const shipping = await start();
    await until(() => expectStatus(shipping, "otlp").toMatchObject({ state: "failing", lastError: "damaged" }));
    expect(bodies(receiver)).toEqual(log.lines.slice(0, 5));
  });
});

describe("segments", () => {
  it("are followed one to the next, over many rotations", async () => {
    const { log, start, arrived } = await following();
    await start();
    await arrived();
    for (let i = 0; i < 5; i++) {
      log.append(7);
      log.rotate();
      log.append(3);
    }
    await arrived();
    log.rotate();
    log.append(1);
    await arrived();
  });

  it("that are deleted once they were sent leave no gap", async () => {
    const { log, receiver, start, arrived } = await following();
    const first = await start();
    await arrived();
    log.rotate();
    log.append(5);
    await arrived();
    log.prune();
    await first.close();
    await start();
    log.append(5);
    await arrived();
    expect(gaps(receiver)).toEqual([]);
  });

  it("that are deleted before they were sent leave a gap that is said to both sides", async () => {
    const { log, receiver, start, arrived } = await following();
    const first = await start();
    await arrived();
    await first.close();
    log.append(5);
    log.rotate();
    log.append(5);
    log.prune();
    const shipping = await start();
    await until(() => expect(bodies(receiver).slice(-5)).toEqual(log.lines.slice(15)));
    expect(gaps(receiver)).toHaveLength(1);
    expect(gaps(receiver)[0]?.attributes).toMatchObject({
      "hardened_mcp.gap.reason": "pruned",
      "hardened_mcp.gap.from": 10,
      "hardened_mcp.gap.to": 15,
    });
    const lastNotice = expect.objectContaining({ code: "pruned", from: 10, to: 15 });
    await until(() => expectStatus(shipping, "otlp").toMatchObject({ lastNotice, behind: 0 }));
  });

  it("that are deleted before a target got anything at all leave a gap too", async () => {
    const { log, receiver, start } = await following();
    receiver.mood = 503;
    const first = await start();
    await until(() => expectStatus(first, "otlp").toMatchObject({ state: "failing" }));
    await first.close({ flushMs: 0 });
    log.rotate();
    log.append(5);
    log.prune();
    receiver.mood = "ok";
    await start();
    await until(() => expect(bodies(receiver).slice(-5)).toEqual(log.lines.slice(10)));
    expect(gaps(receiver)[0]?.attributes).toMatchObject({ "hardened_mcp.gap.from": 0, "hardened_mcp.gap.to": 10 });
  });

  it("are read on in spite of pruning while a collector is away", async () => {
    const { log, receiver, start, arrived } = await following();
    receiver.mood = 503;
    const shipping = await start();
    await until(() => expectStatus(shipping, "otlp").toMatchObject({ state: "failing" }));
    log.append(5);
    log.rotate();
    log.append(5);
    log.prune();
    receiver.mood = "ok";
    await arrived();
    expect(gaps(receiver)).toEqual([]);
  });

  it("end in half a line at times, which waits for its other half", async () => {
    const { log, receiver, start, arrived } = await following();
    const first = await start();
    await arrived();
    const mend = log.tear();
    // Closing sends all that can be sent.
    await first.close();
    expectStatus(first, "otlp").toMatchObject({ next: 10, lastError: undefined });
    expect(receiver.records).toHaveLength(10);
    await start();
    mend();
    await arrived();
  });
});

it("leaves nothing behind but cursor and lock, and the lock only while it runs", async () => {
  const { dir, again } = await shipped();
  expect(existsSync(join(dir, "ship-otlp.lock"))).toBe(false);
  await again();
  await until(() => expect(existsSync(join(dir, "ship-otlp.lock"))).toBe(true));
  expect(existsSync(join(dir, "ship-otlp.json.new"))).toBe(false);
});
