import { Writable } from "node:stream";
import fc from "fast-check";
import { expect, it } from "vitest";
import { createOutbox } from "../../src/stdio/outbox.ts";

it.each([
  ["ASCII", "a".repeat(20_000), 40],
  ["characters of three bytes", "…".repeat(30_000), 9],
  ["more than is kept to encode in", `${"x".repeat(700_000)}é…`.repeat(2), 3],
])("long lines arrive as they are, one after the other: %s", async (_, line, count) => {
  const chunks: Buffer[] = [];
  const output = new Writable({
    write(chunk: Buffer, _encoding, done) {
      // Kept until later, as a slow pipe would: what is written meanwhile must not be in the same place.
      setImmediate(() => {
        chunks.push(Buffer.from(chunk));
        done();
      });
    },
  });
  const outbox = createOutbox(output);
  const lines = Array.from({ length: count }, (__, at) => `${at} ${line}`);
  for (const [at, one] of lines.entries()) {
    outbox.send(one);
    if (at % 3 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  await new Promise<void>((resolve) => outbox.whenAtMost(0, resolve));
  expect(Buffer.concat(chunks).equals(Buffer.from(`${lines.join("\n")}\n`))).toBe(true);
});

it("the outbox sends every line once and in order, in however many turns they come", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(fc.string({ maxLength: 40 }), { maxLength: 5 }), { maxLength: 10 }),
      async (turns) => {
        let text = "";
        const output = new Writable({
          write(chunk: Buffer, _, done) {
            text += chunk.toString("utf8");
            setImmediate(done);
          },
        });
        const outbox = createOutbox(output);
        for (const lines of turns) {
          for (const line of lines) outbox.send(line);
          await new Promise((resolve) => setImmediate(resolve));
        }
        await new Promise<void>((resolve) => outbox.whenAtMost(0, resolve));
        expect(text).toBe(
          Buffer.from(
            turns
              .flat()
              .map((line) => `${line}\n`)
              .join(""),
          ).toString("utf8"),
        );
        expect(outbox.waiting).toBe(0);
      },
    ),
  );
});
