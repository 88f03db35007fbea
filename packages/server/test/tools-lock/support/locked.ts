import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { z } from "zod";
import { definePrompt } from "../../../src/define/prompt.ts";
import { defineResource } from "../../../src/define/resource.ts";
import type { ServerOptions } from "../../../src/options.ts";
import { recordStart } from "../../../src/start/record-start.ts";
import { formatLock, type ToolsLock } from "../../../src/tools-lock/format.ts";
import { lockOf } from "../../../src/tools-lock/lock-of.ts";
import type { ToolsLockOptions } from "../../../src/tools-lock/options.ts";
import { echoTool, testServer } from "../../support/server.ts";

export const ALL = ["write", "destroy", "external"] as const;

type Parts<Make extends (...args: never[]) => unknown> = Partial<Parameters<Make>[0]>;

export const prompt = (over: Parts<typeof definePrompt> = {}) =>
  definePrompt({
    name: "greet",
    description: "Greets somebody.",
    scope: "echo:use",
    input: z.strictObject({ who: z.string().max(64).describe("Whom to greet.") }),
    run: () => [{ role: "user", content: { type: "text", text: "Hello" } }],
    ...over,
  });

export const resource = (over: Parts<typeof defineResource> = {}) =>
  defineResource({
    name: "notes",
    description: "Notes by id.",
    uri: "note:///{id}",
    scope: "echo:use",
    read: ({ uri }) => [{ uri, text: "" }],
    ...over,
  });

/** What was reviewed: one of everything, and a tool that is off. */
export const REVIEWED = {
  instructions: "Call echo first.",
  tools: [echoTool(), echoTool({ name: "write_note", effect: "write", scope: "notes:write", pinned: "INSERT" })],
  prompts: [prompt()],
  resources: [resource()],
} as const satisfies Partial<ServerOptions>;

/** The lock of a server, made with and without what is off. */
export function lockFor(options: Partial<ServerOptions> = REVIEWED): ToolsLock {
  return lockOf(testServer(options).server, testServer({ ...options, enable: ALL }).server);
}

export function tempFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "hardened-mcp-lock-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A lock, or anything in the place of one, as a file. */
export function lockFile(content: ToolsLock | string | Uint8Array = lockFor(), mode = 0o644): string {
  const file = join(tempFolder(), "tools.lock.json");
  const isText = typeof content === "string" || content instanceof Uint8Array;
  writeFileSync(file, isText ? content : formatLock(content));
  chmodSync(file, mode);
  return file;
}

/** Starts a server as far as its record goes. `refused`: the message, where it is not to go on. */
export async function start(options: Partial<ServerOptions>, toolsLock?: Partial<ToolsLockOptions>) {
  const made = testServer(options);
  const lock = toolsLock === undefined ? undefined : { file: lockFile(), ...toolsLock };
  const facts = { transport: "stdio", config: undefined, weakening: [], toolsLock: lock } as const;
  const refused = await recordStart(made.server, facts).then(
    () => undefined,
    (error: Error) => error,
  );
  const [told] = made.sink.of("config.loaded").filter(({ detail }) => detail?.["what"] === "tools.lock");
  return { ...made, refused, detail: told?.detail };
}

/** The lines of a message that name a difference. */
export const linesOf = (message = ""): readonly string[] =>
  message.split("\n").flatMap((line) => (line.startsWith("- ") ? [line.slice(2)] : []));
