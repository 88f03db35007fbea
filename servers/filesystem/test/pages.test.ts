import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestFolder, testFolder } from "./support/folder.ts";
import { openSession, type Session } from "./support/session.ts";

describe("pages", () => {
  let folder: TestFolder;
  let session: Session;
  const paths: string[] = [];
  beforeAll(async () => {
    folder = testFolder();
    // Names around the separator: "a.b" and "a!" sort before "a/", which a comparison of whole paths gets wrong.
    for (const directory of ["a", "a.b", "a!", "b/c/d", "b/c", "z"]) {
      for (let index = 0; index < 7; index++) {
        paths.push(`${directory}/file-${index}.txt`);
        folder.write(`${directory}/file-${index}.txt`, "hit\nmiss\nhit\nhit\n".repeat(index % 3));
      }
    }
    session = await openSession(folder);
  });
  afterAll(async () => {
    await session[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  });

  /** The content of every page, first to last. */
  async function allPages(tool: string, args: Record<string, unknown>): Promise<string[]> {
    const pages: string[] = [];
    for (let cursor: unknown; pages.length < 500; ) {
      const { structured } = await session.call(tool, { ...args, ...(cursor === undefined ? {} : { cursor }) });
      pages.push(String(structured?.["content"]));
      cursor = structured?.["nextCursor"];
      if (cursor === undefined) return pages;
    }
    throw new Error("the pages do not end");
  }

  it.each([1, 2, 3, 5, 7, 41, 42, 1000])("of %i walk every found name exactly once", async (limit) => {
    const pages = await allPages("search_files", { path: ".", pattern: "**/*.txt", limit });
    const found = pages.flatMap((page) => page.split("\n")).filter((line) => line.startsWith("/"));
    expect(found.toSorted()).toEqual(paths.map((path) => `${folder.root}/${path}`).toSorted());
  });

  it.each([1, 2, 3, 4, 100])("of %i walk every found line exactly once", async (limit) => {
    const pages = await allPages("search_content", { path: ".", pattern: "hit", limit });
    const found = pages.flatMap((page) => {
      let file = "";
      return page.split("\n").flatMap((line) => {
        if (line.startsWith("/")) file = line.slice(folder.root.length + 1);
        return /^\d+:/.test(line) ? [`${file}:${Number.parseInt(line, 10)}`] : [];
      });
    });
    const expected = paths.flatMap((path) => {
      const repeats = Number(/(\d)\.txt$/.exec(path)?.[1]) % 3;
      return Array.from({ length: repeats }, (_, index) =>
        [1, 3, 4].map((line) => `${path}:${index * 4 + line}`),
      ).flat();
    });
    expect(found.toSorted()).toEqual(expected.toSorted());
  });

  it.each([1, 3, 50])("of %i walk every node of a tree exactly once", async (limit) => {
    const pages = await allPages("directory_tree", { path: ".", limit });
    const found = pages.flatMap((page) => leaves(JSON.parse(page) as Node[], ""));
    expect(found.toSorted()).toEqual(paths.toSorted());
  });

  it.each(["name", "size"])("list entries with sizes exactly once, by %s", async (sortBy) => {
    const pages = await allPages("list_directory_with_sizes", { path: "a", sortBy, limit: 2 });
    const names = pages.flatMap((page) => [...page.matchAll(/\[FILE\] (\S+)/g)].map((match) => match[1]));
    expect(names.toSorted()).toEqual(Array.from({ length: 7 }, (_, index) => `file-${index}.txt`));
  });

  it("list entries exactly once", async () => {
    const pages = await allPages("list_directory", { path: "a", limit: 3 });
    expect(pages.join("\n").split("\n")).toEqual(Array.from({ length: 7 }, (_, index) => `[FILE] file-${index}.txt`));
  });

  it("list resources exactly once over several roots", async () => {
    using other = testFolder();
    for (let index = 0; index < 450; index++) other.write(`d${index % 3}/f${index}`, "");
    await using two = await openSession(folder, { roots: [other.root, folder.root] });
    const names: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await two.listResources(cursor);
      names.push(...page.resources.map(({ uri }) => uri));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toHaveLength(450 + paths.length);
  });
});

interface Node {
  readonly name: string;
  readonly type: string;
  readonly children?: readonly Node[];
}

function leaves(nodes: readonly Node[], above: string): string[] {
  return nodes.flatMap(({ name, type, children }) =>
    type === "file" ? [`${above}${name}`] : leaves(children ?? [], `${above}${name}/`),
  );
}
