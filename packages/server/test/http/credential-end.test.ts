import { describe, expect, it } from "vitest";
import { z } from "zod";
import { defineTool } from "../../src/define/tool.ts";
import { fakeAuthenticator, known } from "../support/authenticator.ts";
import { legacyCall, messagesOf, post, startHttp } from "../support/http.ts";
import { gate } from "../support/server.ts";
import { alice } from "../support/walk.ts";

/** Reports progress, then waits until its signal aborts. */
function waitingTool() {
  const aborted = gate();
  const started = gate();
  const tool = defineTool({
    name: "wait",
    description: "Waits.",
    effect: "read",
    scope: "echo:use",
    input: z.strictObject({}),
    output: z.strictObject({}),
    run: async (_, call) => {
      call.progress(1, 2);
      started.resolve();
      await new Promise((_, reject) => {
        call.signal.addEventListener("abort", () => {
          aborted.resolve();
          reject(call.signal.reason as Error);
        });
      });
      return {};
    },
  });
  return { tool, aborted: aborted.promise, started: started.promise };
}

const call = { ...legacyCall(1, "wait", {}), params: { name: "wait", arguments: {}, _meta: { progressToken: 1 } } };

describe("a credential that ends before its call", () => {
  it.each<["revoked" | "expired"]>([["revoked"], ["expired"]])(
    "ends an open stream when it is %s, with an error in place of the answer, and aborts the call",
    async (how) => {
      const { tool, aborted, started } = waitingTool();
      let isGood = true;
      const authenticator = fakeAuthenticator(async () => ({
        ...known(alice),
        ...(how === "expired" ? { expiresAt: Date.now() + 300 } : {}),
        stillGood: async () => isGood,
      }));
      await using http = await startHttp({ tools: [tool] }, { authenticator });
      const response = await post(http.url, call);
      const reading = messagesOf(response);
      await started;
      if (how === "revoked") isGood = false;
      await aborted;
      const messages = await reading;
      await http.sink.until((event) => event.type === "call.outcome");
      expect(http.sink.of("auth.failed")).toMatchObject([{ decision: { rule: `credential_${how}` } }]);
      const [{ ref } = { ref: "" }] = http.sink.of("auth.failed");
      expect(messages.at(-1)).toMatchObject({ id: 1, error: { data: { error: { code: "denied", ref } } } });
      expect(http.sink.of("call.outcome")).toMatchObject([{ outcome: { code: "cancelled" } }]);
    },
  );

  it.each([
    ["an answer that has not begun", { ...call, params: { name: "wait", arguments: {} } }],
    ["a batch, which no one error could answer", [call, { ...call, id: 2 }]],
  ])("simply cuts %s", async (_, body) => {
    const { tool, aborted, started } = waitingTool();
    let isGood = true;
    const authenticator = fakeAuthenticator(async () => ({ ...known(alice), stillGood: async () => isGood }));
    await using http = await startHttp({ tools: [tool] }, { authenticator });
    const answered = post(http.url, body).then((response) => response.text());
    const cut = expect(answered).rejects.toThrow();
    await started;
    isGood = false;
    await Promise.all([aborted, cut]);
  });
});
