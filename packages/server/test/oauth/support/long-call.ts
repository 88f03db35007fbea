import { z } from "zod";
import { defineTool, type ToolDefinition } from "../../../src/define/tool.ts";
import { gate } from "../../support/server.ts";
import { SCOPES } from "./notes.ts";
import type { UserClient } from "./user-client.ts";

/** A tool that reports progress for as long as it is let. */
export interface LongCall {
  readonly tool: ToolDefinition;
  /** Calls it; resolves once the stream is open and progress has come. */
  start(user: UserClient): Promise<OpenCall>;
}

/** One such call under way. */
export interface OpenCall {
  /** Resolves when the handler's signal aborts. */
  readonly aborted: Promise<void>;
  /** What the client is told in place of an answer. */
  readonly refused: Promise<Error>;
  /** Progress messages that came. */
  received(): number;
}

/** Longer than any revocation takes to be seen. A client that is told nothing goes on waiting until then. */
const GIVE_UP_MS = 5_000;

export function longCall(): LongCall {
  const aborts = new Map<string, PromiseWithResolvers<void>>();
  const tool = defineTool({
    name: "watch",
    description: "Watches the notes.",
    effect: "read",
    scope: SCOPES.read,
    input: z.strictObject({ id: z.string() }),
    output: z.strictObject({}),
    async run({ id }, call) {
      let done = 0;
      const timer = setInterval(() => call.progress(++done), 20);
      await new Promise<void>((resolve) => call.signal.addEventListener("abort", () => resolve(), { once: true }));
      clearInterval(timer);
      aborts.get(id)?.resolve();
      return {};
    },
  });
  return {
    tool,
    async start(user) {
      const id = String(aborts.size);
      const [aborted, open, refused] = [gate(), gate(), gate<Error>()];
      aborts.set(id, aborted);
      let received = 0;
      const onprogress = (): void => {
        received++;
        open.resolve();
      };
      user.client
        .callTool({ name: "watch", arguments: { id } }, { onprogress, timeout: GIVE_UP_MS })
        .then(() => refused.reject(new Error("the call was answered")), refused.resolve);
      await open.promise;
      return { aborted: aborted.promise, refused: refused.promise, received: () => received };
    },
  };
}
