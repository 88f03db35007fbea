// Takes the lock argv[2] when told to by a line on stdin; answers won, or why not; keeps it until killed.
import { type Lock, takeLock } from "../../src/folder/lock.ts";

const held: Lock[] = [];
process.stdout.write("ready\n");
process.stdin.once("data", () => {
  try {
    held.push(takeLock(process.argv[2] ?? ""));
    process.stdout.write("won\n");
  } catch (error) {
    process.stdout.write(`${(error as { code: string }).code}\n`);
  }
});
