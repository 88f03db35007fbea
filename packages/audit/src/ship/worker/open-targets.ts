import { fileTarget } from "../anchor/file-target.ts";
import { httpTarget } from "../anchor/http-target.ts";
import { invalid } from "../options/check.ts";
import type { Plan, PlannedTarget, Way } from "../options/plan.ts";
import { loadOtlpPeers, type OtlpPeers } from "../otlp/load-peers.ts";
import { otlpTarget } from "../otlp/otlp-target.ts";
import { listenForRejections } from "../otlp/partial-success.ts";
import { syslogTarget } from "../syslog/syslog-target.ts";
import { readHeaders, readTls } from "../target/files.ts";
import { failureCode, type Target } from "../target/target.ts";

/** Makes the connection of a log to a target. */
export type OpenTarget = (target: PlannedTarget, logId: string) => Target;

/**
 * Loads what the targets need and reads their files once, so that what is missing is found at start and not at night.
 *
 * @throws {AuditError} `invalid`
 */
export async function prepareTargets({ targets }: Plan): Promise<OpenTarget> {
  for (const { name, to } of targets) checkFiles(name, to);
  const peers = targets.some(({ to }) => to.way === "otlp") ? await loadOtlpPeers() : undefined;
  if (peers !== undefined) listenForRejections(peers.api);
  return ({ to }, logId) => openTarget(to, logId, peers);
}

function openTarget(to: Way, logId: string, peers: OtlpPeers | undefined): Target {
  switch (to.way) {
    case "otlp":
      if (peers === undefined) throw new Error("not loaded");
      return otlpTarget(to.settings, peers, logId);
    case "syslog":
      return syslogTarget(to.settings);
    case "http":
      return httpTarget(to.settings);
    case "file":
      return fileTarget(to.path);
  }
}

const WORDS: Readonly<Record<string, string>> = {
  secret_exposed: "a file with a secret can be read by others; run chmod 600 on it",
  secret_malformed: "a file with a secret is empty, or not one line of printable ASCII",
};

function checkFiles(name: string, to: Way): void {
  if (to.way === "file") return;
  try {
    readTls(to.settings);
    if (to.way !== "syslog") readHeaders(to.settings);
  } catch (error) {
    throw invalid(name, WORDS[failureCode(error)] ?? "one of its files cannot be read, or is larger than 64 KiB");
  }
}
