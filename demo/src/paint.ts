/** Colours on a terminal only, and not where NO_COLOR asks for none (no-color.org). */
const coloured = process.stdout.isTTY === true && process.env["NO_COLOR"] === undefined;

const paint =
  (code: number) =>
  (text: string): string =>
    coloured ? `\x1b[${code}m${text}\x1b[0m` : text;

export const green = paint(32);
export const red = paint(31);
export const dim = paint(2);
export const bold = paint(1);

export function heading(text: string): void {
  console.log(`\n${bold(text)}`);
}

/** One line: what was tried, and what came of it. */
export function line(tried: string, mark: string, result: string): void {
  console.log(`  ${tried.padEnd(46)} ${mark}  ${result}`);
}
