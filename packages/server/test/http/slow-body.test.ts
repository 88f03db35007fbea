import { once } from "node:events";
import { describe, expect, it } from "vitest";
import { fakeAuthenticator, known } from "../support/authenticator.ts";
import { closed, legacyCall, openSocket, parseAnswer, startHttp } from "../support/http.ts";
import { alice } from "../support/walk.ts";

/** Sends the headers, waits until `then`, and sends the body. */
async function trickle(port: number, then: () => Promise<void>): Promise<number> {
  const body = JSON.stringify(legacyCall(1, "echo", { text: "x" }));
  const socket = await openSocket(port);
  const answer = closed(socket);
  socket.write(
    `POST /mcp HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAuthorization: Bearer t\r\nConnection: close\r\nContent-Type: application/json\r\nAccept: application/json, text/event-stream\r\nContent-Length: ${body.length}\r\n\r\n${body[0]}`,
  );
  await then();
  socket.write(body.slice(1));
  await once(socket, "close");
  return parseAnswer(await answer).status;
}

const longerThanPrompt = () => new Promise<void>((resolve) => setTimeout(resolve, 150));

describe("a body that arrives after its credential has ended", () => {
  it.each<["revoked" | "expired"]>([["revoked"], ["expired"]])("runs nothing when it was %s meanwhile", async (how) => {
    let isGood = true;
    const expiresAt = how === "expired" ? Date.now() + 100 : undefined;
    const authenticator = fakeAuthenticator(async () =>
      isGood && (expiresAt ?? Number.POSITIVE_INFINITY) > Date.now()
        ? { ...known(alice), expiresAt, stillGood: async () => isGood }
        : { status: 401, challenges: ["Bearer"], reason: how },
    );
    await using http = await startHttp({}, { authenticator });
    const status = await trickle(http.port, async () => {
      await longerThanPrompt();
      if (how === "revoked") isGood = false;
    });
    expect(status).toBe(401);
    expect(http.sink.of("call.intent")).toEqual([]);
    expect(http.sink.of("auth.failed")).toMatchObject([{ detail: { why: how } }]);
  });

  it("is answered when the credential is as good as before", async () => {
    await using http = await startHttp({}, { authenticator: fakeAuthenticator(async () => known(alice)) });
    expect(await trickle(http.port, longerThanPrompt)).toBe(200);
  });
});
