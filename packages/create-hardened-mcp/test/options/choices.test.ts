import { expect, test } from "vitest";
import { SCOPES } from "../../src/options/choices.ts";
import { KINDS, planOf, projectOf } from "../support/project.ts";

test.each(KINDS)("a key for the %s template has the scopes that its tools ask for", (template) => {
  const source = [...planOf(projectOf({ template }) as never)].filter(([path]) => path.startsWith("src/"));
  const asked = source.flatMap(([, text]) => [...text.matchAll(/\bscope: "([^"]+)"/g)].map(([, scope]) => scope));
  const { read, write } = SCOPES[template];
  expect(asked).toContain(read);
  expect(asked.filter((scope) => scope !== read && scope !== write)).toEqual([]);
});
