import type { Flags } from "../options/flags.ts";

/** Whether there is somebody to ask. In CI and for a program that reads our output there is not, terminal or no. */
export function isInteractive(
  { yes, noInteractive, json }: Flags,
  { CI: ci = "" }: NodeJS.ProcessEnv,
  streams: { readonly stdin: { readonly isTTY?: boolean }; readonly stdout: { readonly isTTY?: boolean } } = process,
): boolean {
  const isCi = !["", "0", "false"].includes(ci);
  return streams.stdin.isTTY === true && streams.stdout.isTTY === true && !isCi && !yes && !noInteractive && !json;
}
