// Takes the lock argv[2] when told to by a line on stdin; answers won/lost; keeps it until killed.
import { takeLock } from "../../src/folder/lock.ts";

process.stdout.write("ready\n");
process.stdin.once("data", () => {
  try {
    takeLock(process.argv[2] ?? "");
    process.stdout.write("won\n");
  } catch (error) {
    process.stdout.write(`${(error as { code: string }).code}\n`);
  }
});
