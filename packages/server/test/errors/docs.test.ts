import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { ERROR_CODES, ERRORS } from "../../src/errors/table.ts";

const page = readFileSync(new URL("../../../../docs/errors.md", import.meta.url), "utf8");
const headings = [...page.matchAll(/^## `?([\w-]+)`?\s*$/gm)].map((match) => match[1]);

describe("docs/errors.md", () => {
  it.each(ERROR_CODES)("has a section for %s", (code) => {
    expect(headings).toContain(code);
    expect(ERRORS[code].docs).toBe(`docs/errors.md#${code}`);
  });

  it("has no section for a code that does not exist", () => {
    const invented = headings.filter(
      (heading) => /^[a-z]+_[a-z_]+$/.test(heading ?? "") && !ERROR_CODES.includes(heading as never),
    );
    expect(invented).toEqual([]);
  });
});
