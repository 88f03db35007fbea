import { describe, expect, it } from "vitest";
import { z } from "zod";
import { defineTool } from "../../src/define/tool.ts";
import { fakeAuthenticator, known } from "../support/authenticator.ts";
import { legacyCall, post, startHttp } from "../support/http.ts";
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

describe("a stream that is open when its credential ends", () => {
  it.each<["revoked" | "expired"]>([["revoked"], ["expired"]])(
    "is cut when the credential is %s, and its call aborted",
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
      const reading = response.text().then(
        () => "ended",
        () => "cut",
      );
      await started;
      if (how === "revoked") isGood = false;
      await aborted;
      expect(await reading).toBe("cut");
      await http.sink.until((event) => event.type === "call.outcome");
      expect(http.sink.of("auth.failed")).toMatchObject([{ decision: { rule: `credential_${how}` } }]);
      expect(http.sink.of("call.outcome")).toMatchObject([{ outcome: { code: "cancelled" } }]);
    },
  );
});
