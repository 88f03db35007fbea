import { Writable } from "node:stream";
import fc from "fast-check";
import { expect, it } from "vitest";
import { createOutbox } from "../../src/stdio/outbox.ts";

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
