import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Principal } from "../../../../packages/auth/src/index.ts";
import { loadPolicies, type MatrixCell, policyMatrix } from "../../../../packages/policy/src/cedar.ts";
import { parseManifest, type ServerManifest } from "../../../../packages/policy/src/index.ts";
import { type TestFolder, testFolder } from "../support/folder.ts";
import { CLI, openSession, type Session } from "../support/session.ts";
import { argumentsFor, CALLERS, FILES, POLICY, SPELLINGS } from "./support/policy.ts";
import { type Answer, codeOf, type SecureServer, startSecure } from "./support/server.ts";

type Name = keyof typeof CALLERS;

let folder: TestFolder;
let server: SecureServer;
let manifest: ServerManifest;
const principals = new Map<string, Principal>(
  Object.entries(CALLERS).map(([subject, caller]) => [
    subject,
    { roles: [], ...caller, issuer: "key", subject, scopes: new Set<string>(caller.scopes), assurance: "key" },
  ]),
);

beforeAll(async () => {
  folder = testFolder(FILES);
  folder.writeOutside("policies/filesystem.cedar", POLICY);
  manifest = parseManifest(
    JSON.parse(spawnSync(process.execPath, [CLI, "--print-manifest"], { encoding: "utf8" }).stdout),
  );
  server = await startSecure(folder, { callers: CALLERS, config: { policy: join(folder.path, "policies") } });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

function matrix(callers: ReadonlyMap<string, Principal> = principals) {
  const policies = loadPolicies(join(folder.path, "policies"), { manifests: [manifest] });
  const { columns, rows } = policyMatrix({ policies, callers });
  return columns.map((who, column) => ({
    who,
    cells: rows.map((row) => ({ row, cell: row.cells[column] as MatrixCell })),
  }));
}

/** What the matrix says would come of a call, and of a list. */
function promised({ outcome, on }: MatrixCell): { listed: boolean; good: string; bad: string } {
  switch (outcome) {
    case "allow":
      return { listed: true, good: "ok", bad: "ok" };
    case "not-listed":
      return { listed: false, good: "not_found", bad: "not_found" };
    case "depends":
      return on.includes("time") ? { listed: true, good: "?", bad: "?" } : { listed: true, good: "ok", bad: "denied" };
    default:
      return { listed: true, good: outcome, bad: outcome };
  }
}

const call = (who: string | undefined, method: string, name: string, args: object): Promise<Answer> =>
  server.ask(who, method, method === "tools/call" ? { name, arguments: args } : { ...args });

/** An answer as far as it may tell one caller from another. */
const withoutRef = ({ status, headers, body }: Answer): object => {
  const { date: _, ...rest } = headers;
  return { status, headers: rest, body: body.replaceAll(/[\w-]{16}(?=["\\)\s.])/g, "REF") };
};

async function listedFor(who: string): Promise<readonly string[]> {
  const [tools, templates] = await Promise.all([
    server.ask(who, "tools/list"),
    server.ask(who, "resources/templates/list"),
  ]);
  const names = (answer: Answer, key: string): string[] =>
    ((answer.message.result?.[key] ?? []) as { name: string }[]).map(({ name }) => name);
  return [...names(tools, "tools"), ...names(templates, "resourceTemplates")];
}

describe("every role by every tool, over HTTPS", () => {
  it.each(Object.keys(CALLERS))("%s sees and may call what the matrix says, and nothing else", async (who) => {
    const cells = matrix().find((one) => one.who === who)?.cells ?? [];
    expect(cells).toHaveLength(12);
    const listed = await listedFor(who);
    const real = await Promise.all(
      cells.map(async ({ row: { name, method }, cell }) => {
        const [good, bad] = argumentsFor({ name }, folder.root);
        const codes = await Promise.all([call(who, method, name, good), call(who, method, name, bad)]);
        const timed = cell.on.includes("time");
        const [first = "", second = ""] = codes.map(codeOf).map((code) => (timed ? "?" : code));
        return [name, { listed: listed.includes(name), good: first, bad: second }];
      }),
    );
    expect(Object.fromEntries(real)).toEqual(
      Object.fromEntries(cells.map(({ row, cell }) => [row.name, promised(cell)])),
    );
    // Nothing is listed that is in no row of the matrix.
    expect(listed.filter((name) => !cells.some(({ row }) => row.name === name))).toEqual([]);
  });

  it("is no empty matrix: the roles differ as the policy means them to", () => {
    const seen = matrix().map(({ who, cells }) => [
      who,
      cells.filter(({ cell }) => cell.outcome !== "not-listed").map(({ cell }) => cell.outcome),
    ]);
    expect(Object.fromEntries(seen)).toEqual({
      reader: Array(12).fill("allow"),
      lister: Array(3).fill("allow"),
      visitor: Array(3).fill("depends"),
      outsider: [...Array(11).fill("allow"), "depends"],
      intern: Array(11).fill("allow"),
      acme: ["allow"],
      globex: [],
      shift: ["depends", "depends"],
      "reader-without-scope": [],
      nobody: [],
    });
  });

  it("lists files as resources to those who may read some, and none to others", async () => {
    const files = async (who: Name) => {
      const { message } = await server.ask(who, "resources/list");
      return (message.result?.["resources"] as { name: string }[] | undefined)?.length ?? codeOf({ message } as Answer);
    };
    expect(await files("reader")).toBe(2);
    expect(await files("nobody")).toBe(0);
    expect(await files("lister")).toBe(0);
  });

  it("lets a time window through while it is open, and not while it is shut", async () => {
    expect(codeOf(await call("shift", "tools/call", "read_file", { path: "public/a.txt" }))).toBe("ok");
    expect(codeOf(await call("shift", "tools/call", "search_files", { path: ".", pattern: "*" }))).toBe("denied");
  });

  it.each([
    "public/../private/b.txt",
    "public/./../private/b.txt",
    "./public/a.txt",
    "private/b.txt",
    "PUBLIC/a.txt",
    "/public/a.txt",
  ])("gives a visitor nothing by another spelling of a path: %s", async (path) => {
    const answer = await call("visitor", "tools/call", "read_text_file", { path });
    expect(codeOf(answer)).toBe("denied");
    expect(answer.body).not.toContain("hidden");
  });

  it.each(SPELLINGS)("gives nothing by another spelling of a resource, which does not exist: %s", async (_, uriOf) => {
    const uri = uriOf(folder.root);
    // It is an attack: this is where a parser ends up.
    expect(fileURLToPath(uri)).toBe(join(folder.root, "private/b.txt"));
    for (const who of ["visitor", "outsider", "reader"]) {
      const answer = await call(who, "resources/read", "file", { uri });
      expect(codeOf(answer)).toBe("not_found");
      expect(answer.body).not.toContain("hidden");
      const unknown = await call(who, "resources/read", "file", { uri: "nothing:///here" });
      const body = answer.body.replace(JSON.stringify(uri), '"nothing:///here"');
      expect(withoutRef({ ...answer, body })).toEqual(withoutRef(unknown));
    }
  });

  it("tells nobody without a key anything at all", async () => {
    for (const method of ["tools/list", "resources/list", "tools/call"]) {
      expect(await server.ask(undefined, method)).toMatchObject({ status: 401 });
      expect(await server.ask(`hmcp_reader_${"A".repeat(43)}`, method)).toMatchObject({ status: 401 });
    }
  });
});

describe("a tool that may not be seen", () => {
  it.each<[who: Name, hidden: string, like?: string]>([
    ["nobody", "read_text_file"],
    ["nobody", "list_allowed_directories"],
    ["reader-without-scope", "read_file"],
    ["globex", "directory_tree"],
    ["acme", "search_content"],
    ["lister", "read_media_file"],
    // As near to a tool that may be seen as the hidden one is.
    ["intern", "read_media_file", "read_mecia_file"],
  ])("answers %s byte for byte like one that is not there: %s", async (who, hidden, like) => {
    const unknown = like ?? "q".repeat(hidden.length);
    const [seen, unseen] = [
      await call(who, "tools/call", hidden, { path: "public/a.txt" }),
      await call(who, "tools/call", unknown, { path: "public/a.txt" }),
    ];
    expect(withoutRef(seen)).toEqual(withoutRef(unseen));
    expect(seen.body).not.toContain(hidden);
    expect(codeOf(seen)).toBe("not_found");
  });

  it("is not given away by what its arguments would be refused for", async () => {
    const [wrong, right] = [
      await call("nobody", "tools/call", "read_text_file", { nonsense: true }),
      await call("nobody", "tools/call", "read_text_file", { path: "public/a.txt" }),
    ];
    expect(withoutRef(wrong)).toEqual(withoutRef(right));
  });
});

/** A tool that is not there is an error of the protocol, and no answer. */
async function codeOn(session: Session, name: string, args: object): Promise<string | undefined> {
  try {
    const { isError, code } = await session.call(name, { ...args });
    return isError ? code : "ok";
  } catch (error) {
    return (error as { data?: { error?: { code: string } } }).data?.error?.code;
  }
}

describe("every local role by every tool, on stdio", () => {
  it.each(["reader", "lister", "visitor", "intern", "shift", "nobody"] as const)(
    "%s sees and may call what the same policy says",
    async (who) => {
      const roles = principals.get(who)?.roles ?? [];
      using own = testFolder(FILES);
      const config = { policy: join(folder.path, "policies"), local: { roles } };
      const file = own.writeOutside("config.json", JSON.stringify(config));
      await using session = await openSession(own, { args: ["--config", file] });
      const tools = (await session.listTools()).map(({ name }) => name);
      const cells = (matrix().find((one) => one.who === who)?.cells ?? []).filter(({ row }) => row.name !== "file");
      const real = await Promise.all(
        cells.map(async ({ row: { name }, cell }) => {
          const [good, bad] = argumentsFor({ name }, own.root);
          const codes = [await codeOn(session, name, good), await codeOn(session, name, bad)];
          const timed = cell.on.includes("time");
          const [first, second] = codes.map((code) => (timed ? "?" : code));
          return [name, { listed: tools.includes(name), good: first, bad: second }];
        }),
      );
      expect(Object.fromEntries(real)).toEqual(
        Object.fromEntries(cells.map(({ row, cell }) => [row.name, promised(cell)])),
      );
    },
  );
});
