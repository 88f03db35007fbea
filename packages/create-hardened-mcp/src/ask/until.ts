import { EXIT, Stop } from "../stop.ts";

export function cancelled(): Stop {
  return new Stop(EXIT.cancelled, "Cancelled. Nothing was written.");
}

/**
 * Asks, until there are answers, or nobody who could give them. After Ctrl-D a prompt waits for input that is at its end, and Node
 * would leave in silence, with exit code 0.
 *
 * @param act its signal says when to give up, and why
 * @param interrupted ends the prompts, too
 */
export async function untilAnswered<Answers>(
  interrupted: AbortSignal,
  act: (signal: AbortSignal) => Promise<Answers>,
): Promise<Answers> {
  const ended = new AbortController();
  const onEnd = () => ended.abort(cancelled());
  const onInterrupt = () => ended.abort(nothingWritten(interrupted.reason));
  process.once("beforeExit", onEnd);
  interrupted.addEventListener("abort", onInterrupt);
  try {
    return await act(ended.signal);
  } finally {
    process.off("beforeExit", onEnd);
    interrupted.removeEventListener("abort", onInterrupt);
    giveBackTerminal();
  }
}

function nothingWritten({ exitCode, message }: Stop): Stop {
  return new Stop(exitCode, `${message} Nothing was written.`);
}

const SHOW_CURSOR = "\u001b[?25h";

/** Whatever a prompt was in the middle of: a shell without a cursor and an echo seems dead. */
function giveBackTerminal(): void {
  if (process.stdin.isTTY) process.stdin.setRawMode(false);
  process.stdout.write(SHOW_CURSOR);
}
