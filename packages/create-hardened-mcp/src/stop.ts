/** Why nothing was made, or not all of it; the exit code is after sysexits.h. */
export class Stop extends Error {
  override readonly name = "Stop";
  readonly exitCode: number;

  constructor(exitCode: number, message: string, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}

export const EXIT = { failure: 1, usage: 64, unavailable: 69, cannotWrite: 73, notSaid: 74, cancelled: 130 } as const;

/** Something cannot be written: exit code 73. */
export function cannotWrite(message: string, cause?: unknown): Stop {
  return new Stop(EXIT.cannotWrite, message, { cause });
}

const SIGNALS = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1, SIGQUIT: 3 } as const;

/** Signals that end the run, heard as soon as what is being done can be left. */
export interface Interrupts {
  /** Aborted with a {@link Stop}, exit code 128 and the signal's number. */
  readonly signal: AbortSignal;
  stop(): void;
}

/** From here on a signal no longer ends the process by itself: what was begun is taken back first. */
export function watchInterrupts(): Interrupts {
  const controller = new AbortController();
  const onSignal = (name: NodeJS.Signals) => {
    const number = SIGNALS[name as keyof typeof SIGNALS];
    controller.abort(new Stop(128 + number, `Interrupted by ${name}.`));
  };
  const names = Object.keys(SIGNALS) as NodeJS.Signals[];
  for (const name of names) process.on(name, onSignal);
  return {
    signal: controller.signal,
    stop: () => {
      for (const name of names) process.off(name, onSignal);
    },
  };
}
