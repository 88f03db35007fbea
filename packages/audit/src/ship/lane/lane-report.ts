import type { Break } from "../read/reader.ts";
import type { TargetStatus } from "../status.ts";

/** Keeps a lane's status and tells of changes. */
export interface LaneReport {
  at(next: number): void;
  ok(next: number): void;
  failed(code: string): void;
  elsewhere(): void;
  waiting(): void;
  stopped(): void;
  notice(what: Break): void;
  /** With figures that are counted when asked for. */
  status(): TargetStatus;
}

/**
 * @param newest how many records there are
 * @param changed called for what somebody waits to hear; `soon` for figures, which may wait
 */
export function laneReport(
  fixed: Pick<TargetStatus, "name" | "kind" | "dir">,
  newest: () => number,
  changed: (soon: boolean) => void,
): LaneReport {
  let state: Omit<TargetStatus, "name" | "kind" | "dir" | "behind"> = { state: "waiting", next: 0 };
  const become = (change: Partial<typeof state>): void => {
    const before = state;
    state = { ...state, ...change };
    changed(before.state === state.state && before.lastNotice === state.lastNotice);
  };
  const settled = { failingSince: undefined, lastError: undefined } as const;
  return {
    at: (next) => become({ next }),
    ok(next) {
      if (state.state !== "ok" || state.next !== next) become({ state: "ok", next, ...settled });
    },
    failed(code) {
      become({ state: "failing", lastError: code, failingSince: state.failingSince ?? new Date().toISOString() });
    },
    elsewhere: () => become({ state: "elsewhere", ...settled }),
    waiting: () => become({ state: "waiting", ...settled }),
    stopped: () => become({ state: "stopped" }),
    notice({ code, from, to }) {
      const last = state.lastNotice;
      // Found again after a failed attempt to send it.
      if (last?.code === code && last.from === from && last.to === to) return;
      become({ lastNotice: { code, from, to, at: new Date().toISOString() } });
    },
    status: () => ({ ...fixed, ...state, behind: Math.max(0, safely(newest) - state.next) }),
  };
}

function safely(count: () => number): number {
  try {
    return count();
  } catch {
    return 0;
  }
}
