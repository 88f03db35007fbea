import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { readReviewedFile } from "../../src/tools-lock/reviewed-file.ts";

const ME = 12_345;
const OTHER = 54_321;
const isRoot = process.geteuid?.() === 0;

/** `outer/inner/tools.lock.json`; everything can be made another's. */
function lock({ file = 0o644, inner = 0o755, outer = 0o755, owner = 0, folderOwner = 0 } = {}): string {
  const top = realpathSync(mkdtempSync(join(tmpdir(), "hardened-mcp-lock-")));
  onTestFinished(() => rmSync(top, { recursive: true, force: true }));
  const folder = join(top, "inner");
  const path = join(folder, "tools.lock.json");
  mkdirSync(folder);
  writeFileSync(path, "reviewed");
  if (isRoot) {
    chownSync(path, owner, owner);
    chownSync(folder, folderOwner, folderOwner);
  }
  chmodSync(path, file);
  chmodSync(folder, inner);
  chmodSync(top, outer);
  return path;
}

const read = (file: string): string | undefined => readReviewedFile(file, 1024)?.toString();

/** As a service that is not root; the kernel asks for the effective user. */
function as<Result>(user: number, run: () => Result): Result {
  process.seteuid?.(user);
  try {
    return run();
  } finally {
    process.seteuid?.(0);
  }
}

describe("what was reviewed", () => {
  it.each([
    ["by everybody", { file: 0o646 }, /can be written by everybody.*: chmod o-w .*tools\.lock\.json$/],
    ["in a folder in which everybody renames", { inner: 0o777 }, /who can write .*inner\. .*: chmod o-w .*inner$/],
    ["below such a folder", { outer: 0o777 }, /who can write .*lock-\w+\. .*: chmod o-w .*lock-\w+$/],
  ])("is not used where it can be changed %s", (_, places, message) => {
    expect(() => read(lock(places))).toThrow(message);
  });

  it("is used in a folder that is sticky, as /tmp is, and where a group writes", () => {
    expect(read(lock({ inner: 0o1777, outer: 0o1777 }))).toBe("reviewed");
    expect(read(lock({ file: 0o664, inner: 0o775, outer: 0o775 }))).toBe("reviewed");
  });

  it("is not read through a link, wherever that leads, nor is a link to nothing the same as no file", () => {
    const real = lock();
    const link = join(dirname(lock()), "link.json");
    symlinkSync(real, link);
    expect(() => read(link)).toThrow("is a link");
    rmSync(real);
    expect(() => read(link)).toThrow("is a link");
    expect(read(real)).toBeUndefined();
  });

  it("is found through a folder that is a link, and judged by where it lies", () => {
    const [good, bad] = [lock(), lock({ inner: 0o777 })];
    const [toGood, toBad] = [join(dirname(lock()), "good"), join(dirname(lock()), "bad")];
    symlinkSync(dirname(good), toGood);
    symlinkSync(dirname(bad), toBad);
    expect(read(join(toGood, basename(good)))).toBe("reviewed");
    expect(() => read(join(toBad, basename(bad)))).toThrow(`who can write ${dirname(bad)}.`);
  });

  it("is of a size that is known before it is read", () => {
    const file = lock();
    truncateSync(file, 1024);
    expect(read(file)).toHaveLength(1024);
    truncateSync(file, 1025);
    expect(() => read(file)).toThrow("is larger than 1024 bytes");
  });

  describe.runIf(isRoot)("by its owner", () => {
    it.each([
      ["another user's", { owner: OTHER }, `belongs to another user, who may have written anything. .*: chown ${ME} `],
      ["in another user's folder", { folderOwner: OTHER }, "lies in a folder of another user"],
      ["another user's, and its group can write it", { owner: OTHER, file: 0o664 }, "belongs to another user"],
      ["another user's, who waits in a sticky folder", { owner: OTHER, inner: 0o1777 }, "belongs to another user"],
    ])("is not used where it is %s", (_, places, message) => {
      const file = lock(places);
      expect(() => as(ME, () => read(file))).toThrow(new RegExp(message));
    });

    it("is not used by root where it is a user's", () => {
      expect(() => read(lock({ owner: OTHER, folderOwner: OTHER }))).toThrow("belongs to another user");
      expect(() => read(lock({ folderOwner: OTHER }))).toThrow("lies in a folder of another user");
    });

    it("is used where it is root's or one's own, and so is its folder", () => {
      for (const owner of [0, ME]) {
        for (const folderOwner of [0, ME]) {
          const file = lock({ owner, folderOwner });
          expect(as(ME, () => read(file))).toBe("reviewed");
        }
      }
    });

    it("does not come back to what another user put in its place", () => {
      const file = lock({ inner: 0o777 });
      const theirs = join(dirname(file), "theirs");
      as(OTHER, () => {
        writeFileSync(theirs, "put there");
        renameSync(theirs, file);
      });
      chmodSync(dirname(file), 0o755);
      expect(() => as(ME, () => read(file))).toThrow("belongs to another user");
    });
  });
});
