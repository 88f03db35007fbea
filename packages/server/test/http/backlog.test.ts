import { expect, it } from "vitest";
import { createBacklog } from "../../src/http/backlog.ts";

const MIB = 1024 * 1024;

it("makes a call wait while clients have not taken what was answered, and lets it go on when they have", async () => {
  const backlog = createBacklog();
  const first = backlog.add(20 * MIB);
  expect(backlog.room()).toBeUndefined();
  const second = backlog.add(20 * MIB);
  const room = backlog.room();
  expect(room).toBeInstanceOf(Promise);
  first();
  await room;
  expect(backlog.room()).toBeUndefined();
  second();
});

it("counts an answer as taken once, however often it is said", () => {
  const backlog = createBacklog();
  const taken = backlog.add(30 * MIB);
  taken();
  taken();
  backlog.add(30 * MIB);
  backlog.add(30 * MIB);
  expect(backlog.room()).toBeInstanceOf(Promise);
});
