import { describe, expect, test } from "vitest";
import { inWordsOf } from "../../src/template/commands.ts";

describe("a command of a page is in the words of the package manager", () => {
  test.each([
    ["npm run build", "pnpm run build", "yarn run build", "bun run build"],
    ["npm run lock:check", "pnpm run lock:check", "yarn run lock:check", "bun run lock:check"],
    ["npm run sample-api", "pnpm run sample-api", "yarn run sample-api", "bun run sample-api"],
    // `pnpm audit` and `bun test` are others.
    ["npm run audit -- FOLDER", "pnpm run audit FOLDER", "yarn run audit FOLDER", "bun run audit FOLDER"],
    ["npm test", "pnpm run test", "yarn run test", "bun run test"],
    [
      "npm start -- --print-config",
      "pnpm run start --print-config",
      "yarn run start --print-config",
      "bun run start --print-config",
    ],
    [
      "npx hardened-mcp api-key create",
      "pnpm exec hardened-mcp api-key create",
      "yarn run hardened-mcp api-key create",
      "bun run hardened-mcp api-key create",
    ],
  ])("%s", (npm, pnpm, yarn, bun) => {
    for (const [pm, words] of Object.entries({ npm, pnpm, yarn, bun }) as ["npm" | "pnpm" | "yarn" | "bun", string][]) {
      expect(inWordsOf(pm, "README.md", `Say \`${npm}\`.\n\`\`\`sh\n${npm}\n\`\`\`\n`)).toBe(
        `Say \`${words}\`.\n\`\`\`sh\n${words}\n\`\`\`\n`,
      );
    }
  });
});

test.each([
  ["README.md", "The npm registry. Then npm run by hand, npm test suites, npx hardened-mcp too.\n"],
  ["README.md", "`npm testing` and `npm run-script x` and `the npm registry` and `pnpm test` and `npx other`\n"],
  ["Dockerfile", "# npm run build\n"],
  [".github/workflows/ci.yml", "# npm test\nname: npm test\n"],
  ["deploy/compose.yaml", "- run: npm test\n"],
  ["sample/shop.sql", "-- `npm test`\n"],
])("what is no command stays: %s %j", (path, text) => {
  for (const pm of ["pnpm", "yarn", "bun"] as const) expect(inWordsOf(pm, path, text)).toBe(text);
});

test("where pnpm is fetched for the installation, it is for the scripts, in the same version", () => {
  const text = "RUN npx --yes pnpm@12.21.0 install \\\n  && npm run build\n";
  expect(inWordsOf("pnpm", "Dockerfile", text)).toBe(text.replace("npm run", "npx --yes pnpm@12.21.0 run"));
});

test("the later yarn, whose lock file the first one refuses, is fetched, and told in its own words to change nothing", () => {
  const text =
    "RUN yarn install --frozen-lockfile --ignore-scripts \\\n  && npm run build \\\n  && yarn install --frozen-lockfile --ignore-scripts --production\n";
  const yarn = "npx --yes @yarnpkg/cli-dist@4.18.1";
  expect(inWordsOf("berry", "Dockerfile", text)).toBe(
    `RUN ${yarn} install --immutable \\\n  && ${yarn} run build \\\n  && ${yarn} workspaces focus --all --production\n`,
  );
  expect(inWordsOf("berry", "README.md", "`npm test`")).toBe("`yarn run test`");
});
