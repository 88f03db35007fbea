import { FileError } from "../errors.ts";
import { type LineMatcher, testMatcher } from "./line-matcher.ts";

/** Instructions of a compiled expression; each may cost time at every character. */
const MAX_PROGRAM = 1_000;
/**
 * Instructions times characters that one line may cost, since a line is searched without a pause. Measured: 60 ns each, so
 * 0.25 s at worst; `[[:word:]]{1,1000}\p{L}{1,500}$` on lines of 64 KiB kept the server busy for 12 s.
 */
const MAX_LINE_WORK = 4_000_000;
/** `((((` a thousand deep would overflow the parser's stack. */
const MAX_GROUPS = 100;

/**
 * Lines that a regular expression finds. RE2's syntax, which runs in linear time whatever the expression; the engine of the
 * language takes exponential time for `(a+)+$`. Loaded on first use: a start should not wait for 260 kB.
 *
 * @throws {FileError} `regex` when it is not valid, `regex_large`
 */
export async function regexMatcher(pattern: string, ignoreCase: boolean): Promise<LineMatcher> {
  const { RE2JS } = await import("re2js");
  if ((pattern.match(/\(/g)?.length ?? 0) > MAX_GROUPS) throw new FileError("regex_large");
  const compile = () => {
    try {
      return RE2JS.compile(pattern, ignoreCase ? RE2JS.CASE_INSENSITIVE : 0);
    } catch (error) {
      throw new FileError("regex", error);
    }
  };
  const compiled = compile();
  const size = compiled.programSize();
  if (size > MAX_PROGRAM) throw new FileError("regex_large");
  return testMatcher((line) => compiled.matcher(line).find(), Math.floor(MAX_LINE_WORK / size));
}
