import { expect, it } from "vitest";
import { echoTool } from "../support/server.ts";
import { connectStdio } from "../support/stdio.ts";

const initialize = {
  jsonrpc: "2.0",
  id: "open",
  method: "initialize",
  params: { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: { name: "test", version: "1" } },
};
const call = (id: number) => ({
  jsonrpc: "2.0",
  id,
  method: "tools/call",
  params: { name: "echo", arguments: { text: "x" } },
});

it("refuses an id that still waits for its answer, and takes it again afterwards", async () => {
  const finish = Promise.withResolvers<void>();
  const tool = echoTool({
    run: async ({ text }) => {
      await finish.promise;
      return { text };
    },
  });
  await using stdio = await connectStdio({ tools: [tool] });
  stdio.send(initialize);
  await stdio.answer("open");
  stdio.send(call(6), call(6));
  expect(await stdio.answer(6)).toMatchObject({ error: { code: -32600, message: "This id is still in use." } });
  expect(stdio.sink.of("entry.rejected")).toMatchObject([{ decision: { rule: "id_in_use" } }]);
  finish.resolve();
  await stdio.until((message) => message.id === 6 && message.result !== undefined);
  stdio.send(call(6));
  await stdio.sink.until(() => stdio.sink.of("call.outcome").length === 2);
});
