import { LIE_MARK, type Lie } from "./lie.ts";
import { head, honest, pour } from "./wire.ts";

const BODY = JSON.stringify({ mark: LIE_MARK });
const MIB = Buffer.alloc(2 ** 20, "A");

function* repeat(piece: Uint8Array, times: number): Generator<Uint8Array> {
  for (let sent = 0; sent < times; sent++) yield piece;
}

/** Bodies that are not as long as they say, or have no end. */
export const LENGTH_LIES: readonly Lie[] = [
  {
    name: "length-too-long",
    outcome: "fails",
    tell(socket) {
      head(socket, ["HTTP/1.1 200 OK", "content-type: application/json", `content-length: ${BODY.length + 100}`]);
      socket.end(BODY);
    },
  },
  {
    // What follows the body waits on the connection for whoever asks next.
    name: "length-too-short",
    outcome: "answers",
    tell(socket) {
      const poison = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${BODY.length}\r\n\r\n${BODY}`;
      head(socket, ["HTTP/1.1 200 OK", "content-type: application/json", "content-length: 2"]);
      socket.write(`{}${poison}`);
    },
  },
  {
    name: "length-twice",
    outcome: "fails",
    tell: (socket) => twoLengths(socket, "content-length: 2", "content-length: 20"),
  },
  { name: "length-negative", outcome: "fails", tell: (socket) => twoLengths(socket, "content-length: -1") },
  { name: "length-hex", outcome: "fails", tell: (socket) => twoLengths(socket, "content-length: 0x2") },
  {
    name: "length-huge",
    outcome: "fails",
    tell: (socket) => twoLengths(socket, "content-length: 99999999999999999999"),
  },
  {
    name: "length-and-chunked",
    outcome: "fails",
    tell: (socket) => twoLengths(socket, "content-length: 2", "transfer-encoding: chunked"),
  },
  {
    name: "chunk-size-wrong",
    outcome: "fails",
    tell(socket) {
      head(socket, ["HTTP/1.1 200 OK", "content-type: application/json", "transfer-encoding: chunked"]);
      socket.write("zz\r\n{}\r\n0\r\n\r\n");
    },
  },
  {
    name: "chunked-unfinished",
    outcome: "fails",
    tell(socket) {
      head(socket, ["HTTP/1.1 200 OK", "content-type: application/json", "transfer-encoding: chunked"]);
      socket.end(`${BODY.length.toString(16)}\r\n${BODY}\r\n`);
    },
  },
  {
    name: "chunk-extension-endless",
    outcome: "fails",
    async tell(socket, _request, stage) {
      head(socket, ["HTTP/1.1 200 OK", "content-type: application/json", "transfer-encoding: chunked"]);
      socket.write("2;");
      await pour(socket, repeat(MIB, Number.POSITIVE_INFINITY), stage.sent);
    },
  },
  {
    name: "endless",
    outcome: "fails",
    async tell(socket, _request, stage) {
      head(socket, ["HTTP/1.1 200 OK", "content-type: application/json", "connection: close"]);
      socket.write('["');
      await pour(socket, repeat(MIB, Number.POSITIVE_INFINITY), stage.sent);
    },
  },
  {
    name: "endless-chunks",
    outcome: "fails",
    async tell(socket, _request, stage) {
      head(socket, ["HTTP/1.1 200 OK", "content-type: application/json", "transfer-encoding: chunked"]);
      await pour(socket, repeat(Buffer.from(`4\r\n"A",\r\n`.repeat(10_000)), Number.POSITIVE_INFINITY), stage.sent);
    },
  },
  {
    name: "hundred-megabytes",
    outcome: "fails",
    async tell(socket, _request, stage) {
      head(socket, ["HTTP/1.1 200 OK", "content-type: application/json", `content-length: ${100 * MIB.length}`]);
      await pour(socket, repeat(MIB, 100), stage.sent);
    },
  },
  {
    name: "hundred-megabytes-error",
    outcome: "fails",
    async tell(socket, _request, stage) {
      head(socket, ["HTTP/1.1 500 Oh", "content-type: text/plain", `content-length: ${100 * MIB.length}`]);
      await pour(socket, repeat(MIB, 100), stage.sent);
    },
  },
  {
    name: "body-of-204",
    outcome: "answers",
    tell(socket) {
      honest(socket, BODY, [], "204 No Content");
      socket.end();
    },
  },
];

function twoLengths(socket: Parameters<Lie["tell"]>[0], ...lines: readonly string[]): void {
  head(socket, ["HTTP/1.1 200 OK", "content-type: application/json", ...lines]);
  socket.end("{}");
}
