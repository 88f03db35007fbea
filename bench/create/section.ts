import { median, ratio, shown, table } from "../src/lib/measure.ts";
import type { Times, Tried } from "./bench-create.ts";

/** The three ways that were measured. */
export interface Measured {
  readonly cold: Times;
  readonly warm: Times;
  readonly bare: Times;
}

/** Of ours alone, see the issue of the scaffolder. */
const TARGET_S = 1.5;
const DASH = "–";

/** The section of docs/performance.md. @param tried ours first */
export function section(tried: readonly Tried[], { cold, warm, bare }: Measured): string {
  const own = tried[0]?.target.name ?? "";
  const cells = (times: Times, name: string): readonly [string, string] => {
    const [values, of] = [times.get(name), times.get(own)];
    if (values === undefined || of === undefined) return [DASH, DASH];
    const seconds = `${shown(median(values) / 1000)} s`;
    return name === own ? [`**${seconds}**`, "1 ×"] : [seconds, `${shown(ratio(of, values))} ×`];
  };
  const ways = [cold, warm, bare];
  return [
    "### Time to files",
    "",
    `From the command to the end of its process, with nothing installed and standard input closed: the medians of ${rounds(cold)} rounds with npm's cache empty, and of ${rounds(warm)} with it filled and of the program without npm. Target: ours at most ${TARGET_S} s.`,
    "",
    table(
      ["", "empty cache", "ours / it", "filled cache", "ours / it", "without npm", "ours / it"],
      tried.map(({ target }) => [titleOf(target), ...ways.flatMap((times) => cells(times, target.name))]),
    ),
    "",
    "Everything comes from one registry on this machine, which fetched the others' packages before: no figure has the way over the internet in it, which is longer the more there is to fetch. Ours is asked for as `@latest`, so npm asks the registry each time; the others by their version, so with a filled cache it need not. Ours and mcp-framework also make a git repository.",
    "",
    table(
      ["", "command", "its tarball", "packages fetched", "files written"],
      tried.map(({ target, first, fetched }) => [
        titleOf(target),
        `\`npm ${target.npm.join(" ")}\``,
        fetched === undefined ? DASH : `${shown(fetched.ownBytes / 1000)} kB`,
        fetched === undefined ? DASH : `${fetched.tarballs}, ${shown(fetched.bytes / 1000)} kB`,
        fetched === undefined ? nothing(first) : String(first.files),
      ]),
    ),
  ].join("\n");
}

const titleOf = ({ name, version }: Tried["target"]): string => `${name} ${version}`;
const rounds = (times: Times): number => [...times.values()][0]?.length ?? 0;

function nothing({ code, files }: Tried["first"]): string {
  const how = code === null ? "was ended, its time was over" : `ended with ${code}`;
  return `${how}; ${files} files`;
}
