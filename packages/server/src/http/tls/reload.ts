import { stat } from "node:fs/promises";
import type { Server } from "node:https";
import { type Credentials, loadCredentials } from "./credentials.ts";
import type { PemSource, TlsPlan } from "./options.ts";
import { contextOptions } from "./settings.ts";

/** Who is told about certificates. */
export interface TlsRecords {
  /** Before the pair is used; a throw keeps it from being used. */
  loaded(credentials: Credentials): void;
  refused(error: unknown): void;
}

/** Reads the files again now. Resolves to whether what is on disk is in service. */
export type Reload = () => Promise<boolean>;

/**
 * Takes a changed certificate into service without a restart. Open connections go on; new ones get the new one. What is
 * not fit to be served leaves the old one in place, and is tried again until it is: a renewal writes two files, and
 * between them they do not fit.
 */
export function reloading(https: Server, plan: TlsPlan, atStart: string, records: TlsRecords): Reload {
  let inService: string | undefined = atStart;
  let lastFault: string | undefined;
  let last: Promise<unknown> = Promise.resolve();

  async function look(always: boolean): Promise<boolean> {
    // Before the read: a change during it shows at the next look.
    const seen = await stampOf(plan);
    if (seen === inService && !always) return true;
    try {
      const fresh = await loadCredentials(plan);
      const context = contextOptions(fresh);
      records.loaded(fresh);
      https.setSecureContext(context);
      inService = seen;
      lastFault = undefined;
      return true;
    } catch (error) {
      inService = undefined;
      const fault = String(error);
      // Every ten seconds the same line would bury the others.
      if (fault !== lastFault || always) records.refused(error);
      lastFault = fault;
      return false;
    }
  }

  const next = (always: boolean): Promise<boolean> => {
    const turn = last.then(() => look(always));
    last = turn;
    return turn;
  };
  // Polled, not watched: a watch is lost with the file, and renewals replace files, or the link above them.
  https.once("listening", () => {
    const timer = setInterval(() => void next(false), plan.reloadMs).unref();
    https.once("close", () => clearInterval(timer));
  });
  return () => next(true);
}

/** Changes whenever a file is replaced, written or given other permissions. */
export async function stampOf(plan: TlsPlan): Promise<string> {
  const sources = [plan.cert, plan.key, ...(plan.clientCa === undefined ? [] : [plan.clientCa])];
  return (await Promise.all(sources.map(stampOfOne))).join();
}

async function stampOfOne(source: PemSource): Promise<string> {
  if ("pem" in source) return "";
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = await stat(source.file, { bigint: true });
    return [dev, ino, size, mtimeNs, ctimeNs].join(":");
  } catch {
    return "none";
  }
}
