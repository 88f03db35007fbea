import { setImmediate as nextTurn } from "node:timers/promises";
import { getHeapSpaceStatistics } from "node:v8";
import { keepHeapLean } from "../../../src/lean-heap.ts";

// Makes objects as fast as a busy server does, keeps a megabyte of them at a time, and prints how much room V8 has set aside.
if (process.argv[2] === "lean") keepHeapLean();
const kept: unknown[] = [];
let most = 0;
for (let turn = 0; turn < 150; turn++) {
  kept[turn % 16] = Array.from({ length: 20_000 }, (_, at) => ({ at, text: `row ${at} of ${turn}` }));
  await nextTurn();
  most = Math.max(most, getHeapSpaceStatistics().find((space) => space.space_name === "new_space")?.space_size ?? 0);
}
process.stdout.write(String(most));
