// A thread that takes the lock workerData and says how that went; keeps it until it is ended.
import { parentPort, workerData } from "node:worker_threads";
import { type Lock, takeLock } from "../../src/folder/lock.ts";

const held: Lock[] = [];
try {
  held.push(takeLock(workerData as string));
  parentPort?.postMessage("won");
} catch (error) {
  parentPort?.postMessage((error as { code: string }).code);
}
parentPort?.on("message", () => held.length);
