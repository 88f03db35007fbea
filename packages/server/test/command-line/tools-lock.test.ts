import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { COMMON_VARIABLES } from "../../src/command-line/environment.ts";
import { COMMON_FLAGS, type CommonFlags, parseCommandLine } from "../../src/command-line/flags.ts";
import { loadConfig } from "../../src/command-line/load-config.ts";
import { lockTask, toolsLockOf } from "../../src/command-line/tools-lock.ts";
import { projectConfig } from "../../src/config/project-config.ts";
import { lockFile } from "../tools-lock/support/locked.ts";

const flagsOf = (...argv: string[]): CommonFlags => parseCommandLine(argv, COMMON_FLAGS).flags as CommonFlags;
/** A configuration from flags, the environment and the text of a file. */
const load = (flags: CommonFlags, environment: NodeJS.ProcessEnv = {}, text = "{}") =>
  loadConfig({
    schema: projectConfig({}),
    flags: { config: lockFile(text), ...flags },
    fromFlags: () => [],
    environment,
    variables: COMMON_VARIABLES,
  });

describe("which lock a start is held to", () => {
  it("is said by a flag over the environment over the file", () => {
    const text = '{ "toolsLock": "file" }';
    const environment = { HARDENED_MCP_TOOLS_LOCK: "environment" };
    expect(load({}, {}, text).toolsLock).toBe("file");
    expect(load({}, environment, text).toolsLock).toBe("environment");
    expect(load(flagsOf("--tools-lock", "flag"), environment, text).toolsLock).toBe("flag");
  });

  it.each([
    ['{ "toolsLock": "" }', "toolsLock"],
    ['{ "toolsLock": null }', "toolsLock"],
    ['{ "toolsLock": false }', "toolsLock"],
    ['{ "toolLock": "tools.lock.json" }', 'Did you mean "toolsLock"?'],
    ['{ "dangerouslyAllowToolDrift": true }', 'Unknown key "dangerouslyAllowToolDrift"'],
  ])("is not left open by %s", (text, message) => {
    expect(() => load({}, {}, text)).toThrow(message);
  });

  it.each([
    [{ HARDENED_MCP_TOOLS_LOCK: "" }, "toolsLock"],
    [{ HARDENED_MCP_TOOL_LOCK: "f" }, "Did you mean HARDENED_MCP_TOOLS_LOCK?"],
    [{ HARDENED_MCP_DANGEROUSLY_ALLOW_TOOL_DRIFT: "1" }, "Unknown environment variable"],
  ])("is not left open by %j in the environment", (environment, message) => {
    expect(() => load({}, environment)).toThrow(message);
  });

  it("is the one for writing where writing is allowed, and drift is allowed by a flag alone", () => {
    expect(toolsLockOf({ toolsLock: "f", allowWrite: true }, {}, undefined)).toEqual({
      file: resolve("f"),
      allowWrite: true,
      dangerouslyAllowDrift: false,
    });
    const drift = flagsOf("--dangerously-allow-tool-drift");
    expect(toolsLockOf({ toolsLock: "f" }, drift, "make lock")).toMatchObject({
      allowWrite: false,
      dangerouslyAllowDrift: true,
      writeWith: "make lock",
    });
    expect(toolsLockOf({}, {}, undefined)).toBeUndefined();
    expect(() => toolsLockOf({}, drift, undefined)).toThrow("needs a lock to drift from");
  });
});

describe("what is to be done with it", () => {
  it("is to be written, or checked, or neither", () => {
    expect(lockTask(flagsOf("--write-tools-lock"))).toBe("write");
    expect(lockTask(flagsOf("--check-tools-lock"))).toBe("check");
    expect(lockTask(flagsOf("--tools-lock", "f", "--dangerously-allow-tool-drift"))).toBeUndefined();
  });

  it.each([
    [["--write-tools-lock", "--check-tools-lock"], "exclude each other"],
    [["--check-tools-lock", "--dangerously-allow-tool-drift"], "written and checked without"],
    [["--check-tool-lock"], "Did you mean --check-tools-lock?"],
    [["--check-tools-lock=no"], "takes no value"],
    [["--tools-lock", "--check-tools-lock"], "--tools-lock needs a value"],
  ])("is not guessed from %j", (argv, message) => {
    expect(() => lockTask(flagsOf(...argv))).toThrow(message);
  });
});
