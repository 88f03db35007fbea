import type { Random } from "../support/sample/random.ts";
import { type Dialect, HIDDEN_COLUMNS, RESTRICTED_NAMES } from "./dialect.ts";

const TOKEN = /'(?:[^']|'')*'|"[^"]*"|\w+|\s+|[^\w\s]/g;

/** Changes a statement in one to four places: tokens are dropped, doubled, swapped, or taken from another statement or from a list. */
export function mutate(sql: string, other: string, dialect: Dialect, random: Random): string {
  const tokens = sql.slice(0, 4000).match(TOKEN) ?? [];
  const foreign = other.slice(0, 4000).match(TOKEN) ?? ["x"];
  for (let times = 1 + random.int(4); times > 0; times--) {
    const at = random.int(tokens.length + 1);
    const token = (): string => {
      const kind = random.int(5);
      if (kind === 0) return random.pick(RESTRICTED_NAMES);
      if (kind === 1) return random.pick(HIDDEN_COLUMNS);
      if (kind === 2) return random.pick(foreign);
      return random.pick(dialect.tokens);
    };
    switch (random.int(7)) {
      case 0:
        tokens.splice(at, 1);
        break;
      case 1:
        tokens.splice(at, 0, ` ${token()} `);
        break;
      case 2:
        tokens.splice(at, 1, ` ${token()} `);
        break;
      case 3: {
        const start = random.int(foreign.length);
        tokens.splice(at, 0, " ", ...foreign.slice(start, start + 1 + random.int(8)), " ");
        break;
      }
      case 4:
        tokens.splice(at, 0, ...tokens.slice(at, at + 1 + random.int(6)));
        break;
      case 5: {
        const to = random.int(tokens.length + 1);
        tokens.splice(to, 0, ...tokens.splice(at, 1 + random.int(4)));
        break;
      }
      default:
        tokens[at] = random.oneIn(2)
          ? (tokens[at] ?? "").toUpperCase()
          : ` ${String.fromCodePoint(1 + random.int(random.oneIn(4) ? 0xd7ff : 127))} `;
    }
  }
  return tokens.join("");
}
