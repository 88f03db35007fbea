/** A part of an output that exists as JSON already; made by {@link written}. */
export class Written {
  readonly json: string;

  constructor(json: string) {
    this.json = json;
    Object.freeze(this);
  }

  /** Whoever writes out an object that holds this gets the value. */
  toJSON(): unknown {
    return JSON.parse(this.json);
  }
}

/**
 * JSON that a handler already has, in place of the value, for a top-level part of its output whose schema is `guarded` with a check of
 * texts. Where that check and the redactor find nothing, this text is what is sent, and the value is never made: for 1,000 rows of
 * six columns that is 0.39 ms of parsing, copying and writing, for 0.11 of checking (measured). Else it is parsed, and the value goes the usual way.
 */
export function written<Value>(json: string): Value {
  return new Written(json) as Value;
}

/** `value` with its written parts parsed; itself where it has none. */
export function unwritten(value: Record<string, unknown>): Record<string, unknown> {
  if (!holdsWritten(value)) return value;
  const entries = Object.entries(value).map(([key, part]) => [key, part instanceof Written ? part.toJSON() : part]);
  return Object.fromEntries(entries) as Record<string, unknown>;
}

/** An object as JSON, its written parts as they are. */
export function writeOut(value: Record<string, unknown>): string {
  if (!holdsWritten(value)) return JSON.stringify(value);
  const members: string[] = [];
  for (const [key, part] of Object.entries(value)) {
    const json = part instanceof Written ? part.json : JSON.stringify(part);
    if (json !== undefined) members.push(`${JSON.stringify(key)}:${json}`);
  }
  return `{${members.join()}}`;
}

function holdsWritten(value: Record<string, unknown>): boolean {
  for (const key in value) if (value[key] instanceof Written) return true;
  return false;
}
