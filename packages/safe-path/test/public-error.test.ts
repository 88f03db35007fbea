import { describe, expect, it } from "vitest";
import { PATH_ERROR_MEANINGS, PATH_PUBLIC_CODES, PathError, type PathErrorCode, publicErrorOf } from "../src/index.ts";

const told = (code: PathErrorCode) => publicErrorOf(new PathError(code, new Error("/etc/shadow")));
const codes = Object.keys(PATH_ERROR_MEANINGS) as PathErrorCode[];

describe("what a client is told of a path that was refused", () => {
  it("is the same for every protection, and the record knows which", () => {
    const refused = codes.filter((code) => PATH_PUBLIC_CODES[code] === "denied");
    expect(refused).toEqual(expect.arrayContaining(["outside_root", "link", "hard_link", "denied_name", "permission"]));
    expect(new Set(refused.map((code) => told(code)?.message)).size).toBe(1);
    expect(refused.map((code) => told(code)?.rule)).toEqual(refused.map((code) => `path/${code}`));
  });

  it("is the same for a name that is not there and a folder on the way that is none", () => {
    expect(told("not_a_directory")?.message).toBe(told("not_found")?.message);
  });

  it("holds nothing of the cause", () => {
    for (const code of codes) expect(JSON.stringify(told(code) ?? "")).not.toContain("shadow");
  });

  it("is nothing for what only a start can meet, and for what is no error of a path", () => {
    expect(told("root_too_broad")).toBeUndefined();
    expect(publicErrorOf(new Error("link"))).toBeUndefined();
  });
});
