// One of several threads that start on the same store at the same moment, again and again.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import { openSharedState } from "../../../src/config/open-state.ts";
import { createRecorder } from "../../../src/config/recorder.ts";
import { stateConfig } from "../../../src/config/schema.ts";
import { captureLog } from "../../support/log.ts";
import { createFakeSink } from "../../support/sink.ts";

const { dir, rounds, racers, gate } = workerData as {
  dir: string;
  rounds: number;
  racers: number;
  gate: SharedArrayBuffer;
};
const arrived = new Int32Array(gate);
const recorder = createRecorder({ audit: createFakeSink(), log: captureLog().log });

const seen: string[] = [];
for (let round = 0; round < rounds; round++) {
  const database = join(dir, `${round}.db`);
  Atomics.add(arrived, round, 1);
  Atomics.notify(arrived, round);
  for (let now = Atomics.load(arrived, round); now < racers; now = Atomics.load(arrived, round)) {
    if (Atomics.wait(arrived, round, now, 5_000) === "timed-out") throw new Error("Another racer did not come.");
  }
  try {
    const { store } = await openSharedState(stateConfig.parse({ url: `sqlite://${database}` }), recorder);
    seen.push(readFileSync(`${database}.key`, "hex"));
    await store.close();
  } catch (error) {
    seen.push(String(error));
  }
}
parentPort?.postMessage(seen);
