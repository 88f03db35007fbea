import { once } from "node:events";
import {
  appendFileSync,
  chmodSync,
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { createTestCa } from "../../../../test/support/certificates.ts";
import { readNotes } from "../../src/folder/notes.ts";
import { listSegments } from "../../src/folder/segment.ts";
import { openAuditLog } from "../../src/index.ts";
import { parseCheckpoint } from "../../src/note/checkpoint.ts";
import { checkNote, type Note, parseNote } from "../../src/note/note.ts";
import { parseVerifierKey } from "../../src/note/verifier-key.ts";
import { intent, records, temporaryFolder } from "../support.ts";
import { appendNotes, CHECKPOINTS, checkpoint } from "./support/checkpoints.ts";
import { handLog } from "./support/hand-log.ts";
import { otlpReceiver } from "./support/otlp-receiver.ts";
import { expectStatus, publicFile, secretFile, ship, until } from "./support/shipping.ts";
import { syslogReceiver } from "./support/syslog-receiver.ts";

/** A log with checkpoints at `sizes`, made by hand so that a test can also cut and forge them. */
async function logWith(sizes: readonly number[]) {
  const dir = temporaryFolder();
  const log = handLog(dir);
  log.append(3);
  const add = (...more: number[]) =>
    appendNotes(
      dir,
      CHECKPOINTS,
      more.map((size) => checkpoint(log.id, size)),
    );
  add(...sizes);
  return { dir, origin: log.id, add };
}

/** What `audit verify --anchor` reads: the sizes of the notes in a file. */
function sizesIn(path: string): (number | undefined)[] {
  return notesIn(path).map((note) => parseCheckpoint(note?.text ?? "")?.size);
}

function notesIn(path: string): (Note | undefined)[] {
  const fd = openSync(path, "r");
  try {
    return [...readNotes(fd)].map(({ note }) => parseNote(note));
  } finally {
    closeSync(fd);
  }
}

describe("an anchor in a file", () => {
  it("gets every checkpoint, in the format that it is read in, for its owner only", async () => {
    const { dir, add } = await logWith([1, 2]);
    const file = join(temporaryFolder(), "anchor.txt");
    await ship({ dir, anchors: [{ file }] });
    await until(() => expect(sizesIn(file)).toEqual([1, 2]));
    add(3, 4);
    await until(() => expect(sizesIn(file)).toEqual([1, 2, 3, 4]));
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it("gets also the checkpoints of segments that are gone, and each once over restarts", async () => {
    const { dir, origin, add } = await logWith([30]);
    appendNotes(dir, "pruned.txt", [checkpoint(origin, 10), checkpoint(origin, 20)]);
    const file = join(temporaryFolder(), "anchor.txt");
    const first = await ship({ dir, anchors: [{ file }] });
    await first.close();
    add(40);
    const second = await ship({ dir, anchors: [{ file }] });
    await second.close();
    expect(sizesIn(file)).toEqual([10, 20, 30, 40]);
  });

  it("is whole again after a crash in the middle of a note", async () => {
    const { dir, origin, add } = await logWith([1]);
    const file = join(temporaryFolder(), "anchor.txt");
    appendNotes(join(file, ".."), "anchor.txt", [checkpoint(origin, 0)]);
    appendFileSync(file, checkpoint(origin, 1).slice(0, 60));
    await ship({ dir, anchors: [{ file }] });
    await until(() => expect(sizesIn(file)).toEqual([0, 1]));
    add(2);
    await until(() => expect(sizesIn(file)).toEqual([0, 1, 2]));
  });

  it("leaves a file alone that is none of notes", async () => {
    const { dir } = await logWith([1]);
    const file = join(temporaryFolder(), "thesis.txt");
    writeFileSync(file, "Chapter 1. It was a dark and stormy night.\n", { mode: 0o600 });
    const shipping = await ship({ dir, anchors: [{ file }] });
    await until(() => expectStatus(shipping, "anchor-file").toMatchObject({ lastError: "not_notes" }));
    expect(readFileSync(file, "utf8")).toBe("Chapter 1. It was a dark and stormy night.\n");
  });

  it("is not made where its folder is missing, since a volume may not be mounted, or where others may write", async () => {
    const { dir } = await logWith([1]);
    const folder = join(temporaryFolder(), "volume");
    const shipping = await ship({ dir, anchors: [{ file: join(folder, "anchor.txt") }] });
    await until(() => expectStatus(shipping, "anchor-file").toMatchObject({ lastError: "no_folder" }));
    mkdirSync(folder);
    chmodSync(folder, 0o777);
    await until(() => expectStatus(shipping, "anchor-file").toMatchObject({ lastError: "insecure" }));
    chmodSync(folder, 0o700);
    await until(() => expect(sizesIn(join(folder, "anchor.txt"))).toEqual([1]));
  });

  it("keeps what it has when log and checkpoints are cut together, which is then said", async () => {
    const { dir, origin } = await logWith([1, 2, 3]);
    const file = join(temporaryFolder(), "anchor.txt");
    const shipping = await ship({ dir, anchors: [{ file }] });
    await until(() => expect(sizesIn(file)).toEqual([1, 2, 3]));
    writeFileSync(join(dir, CHECKPOINTS), `${checkpoint(origin, 1)}\n`);
    const lastNotice = expect.objectContaining({ code: "log_cut", from: 3 });
    await until(() => expectStatus(shipping, "anchor-file").toMatchObject({ lastNotice }));
    expect(sizesIn(file).slice(0, 3)).toEqual([1, 2, 3]);
  });

  it("does not take another log of that folder for the one it knows", async () => {
    const { dir, origin } = await logWith([1, 2]);
    const file = join(temporaryFolder(), "anchor.txt");
    const first = await ship({ dir, anchors: [{ file }] });
    await first.close();
    rmSync(join(dir, CHECKPOINTS));
    appendNotes(dir, CHECKPOINTS, [checkpoint(origin, 2, "rewritten"), checkpoint(origin, 3)]);
    const shipping = await ship({ dir, anchors: [{ file }] });
    const lastNotice = expect.objectContaining({ code: "log_changed", from: 2 });
    await until(() => expectStatus(shipping, "anchor-file").toMatchObject({ lastNotice }));
  });
});

describe("an anchor at a URL", () => {
  async function endpoint(port = 0) {
    const posts: { body: string; headers: NodeJS.Dict<string | string[]> }[] = [];
    const state = { status: 204 };
    const server = createServer((request, response) => {
      let body = "";
      request.setEncoding("utf8").on("data", (chunk: string) => {
        body += chunk;
      });
      request.on("end", () => {
        posts.push({ body, headers: request.headers });
        response.writeHead(state.status, { location: "/elsewhere" }).end("secret words of the endpoint");
      });
    });
    await once(server.listen(port, "127.0.0.1"), "listening");
    const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
    onTestFinished(() => close());
    const at = (server.address() as AddressInfo).port;
    return { posts, state, close, port: at, url: `http://127.0.0.1:${at}/anchor` };
  }

  it("is sent the newest note, with its token", async () => {
    const { dir, origin } = await logWith([1, 2, 3]);
    const { posts, url } = await endpoint();
    await ship({ dir, anchors: [{ url, bearerFile: secretFile("t-1") }] });
    await until(() => expect(posts).toHaveLength(1));
    expect(posts[0]?.body).toBe(checkpoint(origin, 3));
    expect(posts[0]?.headers).toMatchObject({
      authorization: "Bearer t-1",
      "content-type": "text/plain; charset=utf-8",
    });
  });

  it.each([302, 400, 500])("that answers %i has not taken it", async (status) => {
    const { dir } = await logWith([1]);
    const { posts, state, url } = await endpoint();
    state.status = status;
    const shipping = await ship({ dir, anchors: [{ name: "witness", url }] });
    await until(() => expectStatus(shipping, "witness").toMatchObject({ next: 0, lastError: `http_${status}` }));
    expect(JSON.stringify(shipping.status())).not.toContain("secret words");
    state.status = 200;
    await until(() => expectStatus(shipping, "witness").toMatchObject({ state: "ok", next: 1 }));
    expect(new Set(posts.map(({ body }) => body)).size).toBe(1);
  });

  it("that was away gets the newest when it is back", async () => {
    const { dir, origin, add } = await logWith([1]);
    const away = await endpoint();
    await away.close();
    const shipping = await ship({ dir, anchors: [{ url: away.url }] });
    await until(() => expectStatus(shipping, "anchor-http").toMatchObject({ lastError: "ECONNREFUSED" }));
    add(2, 3);
    const { posts } = await endpoint(away.port);
    await until(() => expect(posts.at(-1)?.body).toBe(checkpoint(origin, 3)));
    await until(() => expectStatus(shipping, "anchor-http").toMatchObject({ state: "ok", next: 3 }));
  });
});

it("has every checkpoint of a log that signs, rotates and deletes segments, each good by its key", async () => {
  const dir = temporaryFolder();
  const file = join(temporaryFolder(), "anchor.txt");
  await ship({ dir, anchors: [{ file }] });
  const log = await openAuditLog({
    dir,
    server: "test",
    checkpointRecords: 100,
    maxSegmentBytes: 65_536,
    keepSegments: 2,
  });
  for (let i = 0; i < 1500; i++) {
    log.write(intent(`r${i}`));
    if (i % 50 === 0) await log.durable();
  }
  await log.close();
  const known = [parseVerifierKey(log.publicKey)];
  const size = records(dir).at(-1)?.seq ?? 0;
  await until(() => expect(sizesIn(file).at(-1)).toBe(size + 1));
  const sizes = sizesIn(file);
  expect(sizes).toEqual([...new Set(sizes)].sort((a, b) => (a ?? 0) - (b ?? 0)));
  expect(listSegments(dir).every(({ firstSeq }) => firstSeq === 0 || sizes.includes(firstSeq))).toBe(true);
  for (const note of notesIn(file))
    expect(note && checkNote(note, known)).toMatchObject({ good: known, forged: false });
});

it("says that checkpoints are damaged whose sizes do not grow, instead of sending them for ever", async () => {
  const { dir, add } = await logWith([2]);
  const file = join(temporaryFolder(), "anchor.txt");
  const shipping = await ship({ dir, anchors: [{ file }] });
  await until(() => expect(sizesIn(file)).toEqual([2]));
  add(1);
  await until(() => expectStatus(shipping, "anchor-file").toMatchObject({ state: "failing", lastError: "damaged" }));
  expect(sizesIn(file)).toEqual([2]);
});

it("goes to a collector as a record whose body is the note", async () => {
  const { dir, origin, add } = await logWith([1]);
  const receiver = await otlpReceiver();
  await ship({ dir, anchors: [{ otlp: { url: receiver.url } }] });
  await until(() => expect(receiver.records).toHaveLength(1));
  add(2);
  await until(() => expect(receiver.records.map(({ body }) => body)).toEqual([1, 2].map((n) => checkpoint(origin, n))));
  expect(receiver.records[1]).toMatchObject({
    eventName: "hardened_mcp.audit.checkpoint",
    attributes: { "hardened_mcp.audit.log": origin, "hardened_mcp.audit.size": 2 },
  });
});

it("goes over syslog as a JSON string, so that its lines survive receivers that end a message at a line feed", async () => {
  const ca = await createTestCa();
  const receiver = await syslogReceiver(await ca.issue());
  const { dir, origin } = await logWith([1, 2]);
  const syslog = { host: "localhost", port: receiver.port, caFile: publicFile(ca.cert), settleMs: 50 };
  await ship({ dir, anchors: [{ syslog }] });
  await until(() => expect(receiver.messages).toHaveLength(2));
  expect(receiver.messages.map(({ text }) => JSON.parse(text))).toEqual([1, 2].map((n) => checkpoint(origin, n)));
  expect(receiver.messages[1]).toMatchObject({ id: "checkpoint", data: { log: origin, size: "2" } });
});
