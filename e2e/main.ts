// The end-to-end proof: everything is packed and published to a registry on this machine, and projects are made from that as
// users make them. `node e2e/main.ts [--list] [--keep] [words that select, such as: row minimal npm]`
import { tryRow } from "./check-row.ts";
import { toolsFor } from "./managers.ts";
import { everyPair, type Row, titleOf } from "./rows.ts";
import { describeTried, summarize } from "./say.ts";
import { readArguments, select } from "./select.ts";
import { whyNoStore } from "./services.ts";
import { createSetting, type Setting } from "./setting.ts";
import { SPECIALS } from "./specials/index.ts";
import { attempt, Skipped, type Step, type Trial, type Tried } from "./trial.ts";

const rows = everyPair().map(
  (row, at): Trial => ({
    title: `row ${titleOf(row)}`,
    tools: toolsFor([row]),
    run: async (setting, step) => await runRow(row, `my server ${at}`, setting, step),
  }),
);

try {
  const { list, keep, words } = readArguments(process.argv.slice(2));
  const trials = select([...rows, ...SPECIALS], words);
  if (list) for (const { title } of trials) console.log(title);
  else process.exitCode = await prove(trials, keep);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  // At once: of a run that was ended from outside, trials are still under way.
  process.exit(error instanceof Error && "exitCode" in error ? Number(error.exitCode) : 1);
}

/** Two at a time: more of them wait for one another on two cores, and tests in them for their time. */
async function prove(trials: readonly Trial[], keep: boolean): Promise<number> {
  const startedAt = performance.now();
  const setting = createSetting([...new Set(trials.flatMap(({ tools }) => tools))], console.log);
  const waiting = [...trials];
  const tried: Tried[] = [];
  const next = async (): Promise<void> => {
    for (let trial = waiting.shift(); trial !== undefined; trial = waiting.shift()) {
      const done = await attempt(trial, setting);
      tried.push(done);
      console.log(describeTried(done));
    }
  };
  // Ended from outside, what was started ends as well: a registry, databases, and whatever trials run.
  const ended = new Promise<never>((_, reject) => {
    for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => reject(new Error(`Ended by ${signal}.`)));
  });
  try {
    await Promise.race([Promise.all([next(), next()]), ended]);
  } finally {
    waiting.splice(0);
    const folders = await setting.stop(keep);
    if (keep) console.log(`Kept: ${folders.join(", ")}`);
  }
  console.log(summarize(tried, performance.now() - startedAt));
  return tried.every(({ failure }) => failure === undefined) ? 0 : 1;
}

async function runRow(row: Row, name: string, setting: Setting, step: Step): Promise<void> {
  const why = whyNoStore(row.state);
  if (why !== undefined) throw new Skipped(why);
  // yarn 1 hands its arguments to a shell as one line, so a name with a space cannot be said to it.
  const dir = row.pm === "yarn" ? name.replaceAll(" ", "-") : name;
  const project = { row, world: await setting.world(), services: setting.services };
  const lost = await setting.lost();
  try {
    await tryRow(project, dir, step);
  } catch (error) {
    const since = (await setting.lost()) - lost;
    if (since === 0) throw error;
    // Not the project's fault, or not to be known from it: once more, and every step of it.
    console.log(`again  row ${titleOf(row)}: the npm registry left ${since} requests without an answer. ${error}`);
    await tryRow(project, `${dir}-again`, step);
  }
}
