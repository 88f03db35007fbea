import type { Flags } from "../options/flags.ts";

/** Whether there is somebody to ask. In CI and for a program that reads our output there is not, terminal or no. */
export function isInteractive(
  { yes, noInteractive, json }: Flags,
  { CI: ci = "", TERM: terminal }: NodeJS.ProcessEnv,
  streams: { readonly stdin: { readonly isTTY?: boolean }; readonly stdout: { readonly isTTY?: boolean } } = process,
): boolean {
  const isCi = !["", "0", "false"].includes(ci);
  const isTerminal = streams.stdin.isTTY === true && streams.stdout.isTTY === true;
  // One that moves no cursor would show how prompts are drawn.
  return isTerminal && terminal !== "dumb" && !isCi && !yes && !noInteractive && !json;
}
