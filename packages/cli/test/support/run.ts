import { main } from "../../src/main.ts";

export interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command line in this process. */
export async function run(...argv: string[]): Promise<Run> {
  const out: string[] = [];
  const err: string[] = [];
  const code = await main(argv, { write: (text) => out.push(text) }, { write: (text) => err.push(text) });
  return { code, out: out.join(""), err: err.join("") };
}
