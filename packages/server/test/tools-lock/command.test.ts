import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ConfigError } from "../../src/errors/config-error.ts";
import { checkLock, ToolDriftError, writeNewLock } from "../../src/tools-lock/command.ts";
import { formatLock, type ToolsLock } from "../../src/tools-lock/format.ts";
import { lockOf } from "../../src/tools-lock/lock-of.ts";
import { parseLock } from "../../src/tools-lock/parse-lock.ts";
import { echoTool, testServer } from "../support/server.ts";
import { ALL, linesOf, lockFile, lockFor, prompt, REVIEWED, resource, tempFolder } from "./support/locked.ts";

const now: ToolsLock = lockFor({
  instructions: "Call nothing.",
  tools: [echoTool({ description: "Other." }), echoTool({ name: "fetch", effect: "external", scope: "web:fetch" })],
  prompts: [],
  resources: [resource()],
});
const errors = { busy: { code: "unavailable", message: "Busy." } } as const as never;
const LINES = [
  "instructions: changed",
  "prompt greet: gone",
  "tool echo: description changed",
  "tool fetch: new, not in the lock [external web:fetch]",
  "tool write_note: gone",
];

describe("what is written", () => {
  it("has one line for each part, in one order, whatever the order of declaration", () => {
    const tools = [...REVIEWED.tools].reverse();
    expect(formatLock(lockFor({ ...REVIEWED, tools }))).toBe(formatLock(lockFor()));
    const names = Object.keys(lockFor({ tools: ["b", "a10", "a2"].map((name) => echoTool({ name })) }).tools);
    expect(names).toEqual(["a10", "a2", "b"]);
  });

  it("can be read again with every part that there is", () => {
    const lock = lockFor({
      tools: [
        echoTool({ title: "T", pinned: "p", audit: { text: "plain" }, openWorld: true, untrusted: false, errors }),
        echoTool({ name: "both", effect: "destroy", milder: ["read", "write"], effectOf: () => "read" }),
      ],
      prompts: [prompt({ title: "T", audit: { who: "plain" }, errors })],
      resources: [resource({ mimeType: "text/plain", audit: { id: "plain" }, untrusted: false, errors })],
    });
    expect(parseLock(Buffer.from(formatLock(lock)), "f")).toEqual(lock);
    expect(lock.allowWrite?.tools?.["both"]).toMatchObject({ effect: "destroy", milder: "read,write" });
  });

  it("has the hash of the whole as the audit log has it", () => {
    const { server } = testServer(REVIEWED);
    expect(lockFor().tools["echo"]?.definition).toBe(server.operations[0]?.definition);
  });

  it("has another hash of the whole for answers that are not marked, so that the audit log has it, too", () => {
    const definitions = [true, false].map((untrusted) => {
      const { server } = testServer({ tools: [echoTool({ untrusted })], resources: [resource({ untrusted })] });
      return server.operations.map(({ definition }) => definition);
    });
    expect(new Set(definitions.flat()).size).toBe(4);
  });

  it("has what --allow-write adds or makes another apart, and nothing where that is nothing", () => {
    const told = (allowWrite: boolean) => {
      const description = allowWrite ? "Reads, and write_note writes." : "Reads.";
      const options = { ...REVIEWED, tools: [echoTool({ description }), REVIEWED.tools[1]] };
      return testServer(allowWrite ? { ...options, enable: ALL, instructions: "Write." } : options).server;
    };
    const lock = lockOf(told(false), told(true));
    expect(Object.keys(lock.tools)).toEqual(["echo"]);
    expect(Object.keys(lock.allowWrite ?? {})).toEqual(["instructions", "tools"]);
    expect(Object.keys(lock.allowWrite?.tools ?? {})).toEqual(["echo", "write_note"]);
    expect(lockFor({ tools: [echoTool()] })).not.toHaveProperty("allowWrite");
  });

  it("cannot leave out what is offered without --allow-write only", () => {
    const [reading, writing] = [testServer({ tools: [echoTool()] }).server, testServer().server];
    expect(() => lockOf(reading, writing)).toThrow("echo is offered without --allow-write and not with it");
    // Every object has something by that name.
    const named = testServer({ tools: [echoTool({ name: "constructor" })] }).server;
    expect(() => lockOf(named, writing)).toThrow("constructor is offered without --allow-write and not with it");
  });

  it("has a tool by a name that every object has anyway, off or not", () => {
    for (const effect of ["read", "write"] as const) {
      const lock = lockFor({ tools: [echoTool({ name: "constructor", effect })] });
      const { tools = {} } = effect === "read" ? lock : (lock.allowWrite ?? {});
      expect(Object.keys(tools)).toEqual(["constructor"]);
      expect(parseLock(Buffer.from(formatLock(lock)), "f")).toEqual(lock);
    }
  });

  it("says of answers that are not marked what a reviewer has to see, and of others nothing", () => {
    const lock = lockFor({
      tools: [echoTool({ untrusted: false }), echoTool({ name: "fetch" })],
      resources: [resource({ untrusted: false })],
    });
    expect([lock.tools["echo"]?.untrusted, lock.resources["notes"]?.untrusted]).toEqual([false, false]);
    expect(lock.tools["fetch"]).not.toHaveProperty("untrusted");
  });
});

describe("writing", () => {
  it("says what is new, and what has changed since, as a reviewer reads it", () => {
    const file = join(tempFolder(), "tools.lock.json");
    expect(writeNewLock(file, lockFor())).toContain(
      "is new: 1 tool, 1 prompt, 1 resource; --allow-write adds or changes 1 tool",
    );
    expect(writeNewLock(file, lockFor())).toContain("is up to date");
    expect(linesOf(writeNewLock(file, now))).toEqual(LINES);
    expect(readFileSync(file, "utf8")).toBe(formatLock(now));
  });

  it("does not overwrite what is no lock of this server", () => {
    for (const other of ['{ "name": "my-project" }', formatLock({ ...lockFor(), server: "other" }), "<<<<<<<"]) {
      const file = lockFile(other);
      expect(() => writeNewLock(file, now)).toThrow(ConfigError);
      expect(readFileSync(file, "utf8")).toBe(other);
    }
  });
});

describe("checking", () => {
  it("is content with what is as reviewed", () => {
    expect(checkLock(lockFile(), lockFor())).toContain("is what is offered: 1 tool");
  });

  it("names each difference on a line of its own, what is off included", () => {
    let thrown: unknown;
    try {
      checkLock(lockFile(), now);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(ToolDriftError);
    expect(linesOf((thrown as Error).message)).toEqual(LINES);
  });

  it("finds a part that was edited beside a hash that was not", () => {
    const lock = lockFor();
    const edited = { ...lock.tools["echo"]!, description: "A".repeat(43) };
    expect(() => checkLock(lockFile({ ...lock, tools: { echo: edited } }), lock)).toThrow(
      "tool echo: description changed",
    );
  });

  it("is not content without a lock, or with another server's", () => {
    expect(() => checkLock(join(tempFolder(), "none.json"), now)).toThrow("There is no tools lock");
    expect(() => checkLock(lockFile({ ...now, server: "other" }), now)).toThrow("that of another server");
  });
});
