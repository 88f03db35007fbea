/** What was configured cannot be meant, or is not safe. Its message says which option, why, and what to write instead. */
export class SafeFetchOptionError extends TypeError {
  override readonly name = "SafeFetchOptionError";
  /** Where: `allow[0].host`. */
  readonly option: string;

  constructor(option: string, message: string) {
    super(`${option}: ${message}`);
    this.option = option;
  }
}

/** A misspelled name must not switch protection off. @throws {SafeFetchOptionError} */
export function refuseUnknown(where: string, given: object, known: readonly string[]): void {
  const unknown = Object.keys(given).find((key) => !known.includes(key));
  if (unknown !== undefined) {
    const option = where === "" ? unknown : `${where}.${unknown}`;
    throw new SafeFetchOptionError(option, `there is no such option; there are ${known.join(", ")}.`);
  }
}
