import type { IncomingMessage, ServerResponse } from "node:http";
import type { Server } from "node:https";

/** One year, the least that preload lists and reviewers ask for. Other names of the domain are not ours to bind. */
const HSTS = "max-age=31536000";

/** Sends HSTS with every answer, whoever makes it (RFC 6797, section 7.1). A browser ignores it for bare addresses. */
export function sendHsts(https: Server): void {
  const add = (_: IncomingMessage, response: ServerResponse): void => {
    response.setHeader("strict-transport-security", HSTS);
  };
  // Before the listeners that answer.
  https.prependListener("request", add);
  https.prependListener("checkExpectation", add);
}
