// Swaps `place` between a real directory and a link to an outside one, until it is killed.
import { renameSync } from "node:fs";

const [place, link, parking] = process.argv.slice(2);
process.stdout.write("swapping\n");
for (;;) {
  for (let round = 0; round < 1000; round++) {
    renameSync(place, parking);
    renameSync(link, place);
    renameSync(place, link);
    renameSync(parking, place);
  }
}
