/** Every value of every option that a project is made of. */
export const CHOICES = {
  template: ["minimal", "filesystem", "database", "http-api"],
  transport: ["stdio", "http", "both"],
  auth: ["none", "jwt", "oauth", "api-key"],
  state: ["sqlite", "postgres", "redis"],
  pm: ["npm", "pnpm", "yarn", "bun"],
} as const;

type Choices = typeof CHOICES;
type Option = keyof Choices;

/** One project: a value of each option. */
export type Row = { readonly [Key in Option]: Choices[Key][number] };

const OPTIONS = Object.keys(CHOICES) as readonly Option[];

/** `auth` says who may call over HTTP; on stdio it is refused, which has a test of its own. */
export function isAllowed({ transport, auth }: Pick<Row, "transport" | "auth">): boolean {
  return transport !== "stdio" || auth === "none";
}

/** As few rows as a greedy choice finds in which every pair of values that may stand together does. The same rows each time. */
export function everyPair(): readonly Row[] {
  const candidates = everyRow();
  const open = new Set(candidates.flatMap(pairsOf));
  const rows: Row[] = [];
  while (open.size > 0) {
    const gain = (row: Row): number => pairsOf(row).filter((pair) => open.has(pair)).length;
    const best = candidates.reduce((one, other) => (gain(other) > gain(one) ? other : one));
    for (const pair of pairsOf(best)) open.delete(pair);
    rows.push(best);
  }
  return rows;
}

/** Every row that is allowed. */
export function everyRow(): readonly Row[] {
  const all = OPTIONS.reduce<readonly Partial<Row>[]>(
    (rows, option) => rows.flatMap((row) => CHOICES[option].map((value) => ({ ...row, [option]: value }))),
    [{}],
  );
  return (all as readonly Row[]).filter(isAllowed);
}

/** The pairs of values that a row holds, each as text. */
export function pairsOf(row: Row): readonly string[] {
  return OPTIONS.flatMap((one, at) =>
    OPTIONS.slice(at + 1).map((other) => `${one}=${row[one]} ${other}=${row[other]}`),
  );
}

/** A row as people read it. */
export function titleOf(row: Row): string {
  return OPTIONS.map((option) => row[option]).join(" ");
}
