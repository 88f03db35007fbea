import { LIE_MARK, type Lie } from "./lie.ts";
import { head } from "./wire.ts";

const DRIP_MS = 50;

/** Answers that never come, or come for ever. None of these ends by itself. */
export const TIMING_LIES: readonly Lie[] = [
  { name: "silent", outcome: "fails", tell: () => undefined },
  {
    name: "silent-after-status",
    outcome: "fails",
    tell: (socket) => void socket.write("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"),
  },
  {
    name: "silent-after-head",
    outcome: "fails",
    tell: (socket) => head(socket, ["HTTP/1.1 200 OK", "content-type: application/json", "content-length: 100"]),
  },
  {
    name: "silent-in-body",
    outcome: "fails",
    tell(socket) {
      head(socket, ["HTTP/1.1 200 OK", "content-type: application/json", "content-length: 100"]);
      socket.write(`{"mark":"${LIE_MARK}"`);
    },
  },
  {
    // Every single wait is short: only a deadline over everything ends it.
    name: "dripping",
    outcome: "fails",
    tell(socket) {
      head(socket, ["HTTP/1.1 200 OK", "content-type: application/json", "content-length: 1000000"]);
      drip(socket, () => " ");
    },
  },
  {
    name: "dripping-head",
    outcome: "fails",
    tell(socket) {
      let line = 0;
      socket.write("HTTP/1.1 200 OK\r\n");
      drip(socket, () => `x-${line++}: y\r\n`);
    },
  },
  {
    // RFC 9110, section 15.2: any number of interim answers may come first.
    name: "dripping-interim",
    outcome: "fails",
    tell: (socket) => drip(socket, () => "HTTP/1.1 102 Processing\r\n\r\n"),
  },
  {
    name: "half-closed",
    outcome: "fails",
    tell(socket) {
      head(socket, ["HTTP/1.1 200 OK", "content-type: application/json", "content-length: 100"]);
      socket.end(`{"mark":`);
    },
  },
  { name: "closed-at-once", outcome: "fails", tell: (socket) => void socket.end() },
  { name: "reset-at-once", outcome: "fails", tell: (socket) => void socket.resetAndDestroy() },
  {
    name: "reset-in-body",
    outcome: "fails",
    tell(socket) {
      head(socket, ["HTTP/1.1 200 OK", "content-type: application/json", "content-length: 100"]);
      socket.write(`{"mark":`, () => socket.resetAndDestroy());
    },
  },
];

function drip(socket: Parameters<Lie["tell"]>[0], next: () => string): void {
  const timer = setInterval(() => socket.write(next()), DRIP_MS);
  socket.once("close", () => clearInterval(timer));
}
