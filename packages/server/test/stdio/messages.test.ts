import { describe, expect, it } from "vitest";
import { call, connectOld } from "../support/stdio.ts";

const valid = JSON.stringify(call(7, "echo", { text: "x" }));
const deep = (depth: number): string =>
  `{"jsonrpc":"2.0","id":7,"method":"x","params":{"a":${"[".repeat(depth)}${"]".repeat(depth)}}}`;

/** A line, and the error with which it is answered. */
const lines: [string, string | Buffer, number, string | number | null, string][] = [
  ["no JSON", "hello", -32700, null, "json_syntax"],
  ["half an object", valid.slice(0, -1), -32700, null, "json_syntax"],
  ["two objects", `${valid}${valid}`, -32700, null, "json_syntax"],
  ["a byte order mark", `\ufeff${valid}`, -32700, null, "json_byte_order_mark"],
  ["invalid UTF-8", Buffer.from([0x7b, 0xff, 0x7d]), -32700, null, "json_invalid_utf8"],
  ["a lone surrogate", '{"jsonrpc":"2.0","id":7,"method":"\\ud800"}', -32700, null, "json_lone_surrogate"],
  [
    "a duplicate key",
    '{"jsonrpc":"2.0","id":7,"method":"ping","method":"tools/call"}',
    -32700,
    null,
    "json_duplicate_key",
  ],
  [
    "a duplicate key written in escapes",
    '{"jsonrpc":"2.0","id":7,"method":"ping","\\u006dethod":"x"}',
    -32700,
    null,
    "json_duplicate_key",
  ],
  [
    "__proto__",
    '{"jsonrpc":"2.0","id":7,"method":"ping","params":{"__proto__":{"a":1}}}',
    -32700,
    null,
    "json_forbidden_key",
  ],
  ["depth 100", deep(100), -32700, null, "json_too_deep"],
  ["depth 100,000", deep(100_000), -32700, null, "json_too_deep"],
  [
    "too many values",
    `{"jsonrpc":"2.0","id":7,"method":"x","params":{"a":[${"0,".repeat(20_000)}0]}}`,
    -32700,
    null,
    "json_too_many_values",
  ],
  ["an array", `[${valid}]`, -32600, null, "message"],
  ["an empty array", "[]", -32600, null, "message"],
  ["a string", '"ping"', -32600, null, "message"],
  ["null", "null", -32600, null, "message"],
  ["an empty object", "{}", -32600, null, "message"],
  ["JSON-RPC 1.0", '{"jsonrpc":"1.0","id":7,"method":"ping"}', -32600, 7, "message"],
  ["a number for the version", '{"jsonrpc":2.0,"id":7,"method":"ping"}', -32600, 7, "message"],
  ["id null", '{"jsonrpc":"2.0","id":null,"method":"ping"}', -32600, null, "message"],
  ["a fraction as id", '{"jsonrpc":"2.0","id":1.5,"method":"ping"}', -32600, null, "message"],
  ["a huge id", '{"jsonrpc":"2.0","id":1e300,"method":"ping"}', -32600, null, "message"],
  ["an id beyond 2^53", '{"jsonrpc":"2.0","id":9007199254740993,"method":"ping"}', -32700, null, "json_unsafe_number"],
  ["a very long id", `{"jsonrpc":"2.0","id":"${"x".repeat(257)}","method":"ping"}`, -32600, null, "message"],
  ["an object as id", '{"jsonrpc":"2.0","id":{},"method":"ping"}', -32600, null, "message"],
  ["a very long method", `{"jsonrpc":"2.0","id":7,"method":"${"x".repeat(129)}"}`, -32600, 7, "message"],
  ["a list as params", '{"jsonrpc":"2.0","id":7,"method":"ping","params":[]}', -32600, 7, "message"],
  ["null as params", '{"jsonrpc":"2.0","id":7,"method":"ping","params":null}', -32600, 7, "message"],
  ["request and response at once", '{"jsonrpc":"2.0","id":7,"method":"ping","result":{}}', -32600, 7, "message"],
  ["an unknown method", '{"jsonrpc":"2.0","id":7,"method":"no/such"}', -32601, 7, "protocol"],
  ["a prototype's name as method", '{"jsonrpc":"2.0","id":7,"method":"constructor"}', -32601, 7, "protocol"],
  ["a call without a name", '{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{}}', -32602, 7, "message"],
  ["a call of a number", '{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":7}}', -32602, 7, "message"],
  [
    "a call with a list of arguments",
    '{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"echo","arguments":[]}}',
    -32602,
    7,
    "message",
  ],
  [
    "a call that wants no answer",
    '{"jsonrpc":"2.0","method":"tools/call","params":{"name":"echo","arguments":{"text":"x"}}}',
    -32600,
    null,
    "message",
  ],
];

describe("a stdio message", () => {
  it.each(lines)(
    "that is %s is answered with an error, once on record, and the next one is served",
    async (_, line, code, id, rule) => {
      await using stdio = await connectOld();
      const before = stdio.sink.events.length;
      stdio.input.write(line);
      stdio.input.write("\n");
      stdio.send(call("next", "echo", { text: "still here" }));
      expect(await stdio.answer("next")).toMatchObject({ result: { structuredContent: { text: "still here" } } });
      const answers = stdio.received.filter((message) => message.id !== "init" && message.id !== "next");
      expect(answers).toMatchObject([{ id, error: { code } }]);
      expect(stdio.sink.events.slice(before)).toMatchObject([
        { type: "entry.rejected", decision: { rule } },
        { type: "call.intent" },
        { type: "call.outcome" },
      ]);
    },
  );

  it("over the size limit is answered, and the next one is served", async () => {
    await using stdio = await connectOld({}, { maxBytes: 4_096 });
    stdio.input.write(Buffer.alloc(100_000, "x"));
    stdio.send("", call("next", "echo", { text: "still here" }));
    expect(await stdio.until((message) => message.id === null)).toMatchObject({
      error: { code: -32600, data: { error: { code: "too_large", ref: expect.any(String) } } },
    });
    expect(await stdio.answer("next")).toMatchObject({ result: {} });
  });

  it("of 100 MB is answered without being held", async () => {
    await using stdio = await connectOld();
    const chunk = Buffer.alloc(1024 * 1024, "x");
    const before = process.memoryUsage().arrayBuffers;
    for (let at = 0; at < 100; at++) {
      if (!stdio.input.write(chunk)) await new Promise((resolve) => stdio.input.once("drain", resolve));
    }
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(50 * 1024 * 1024);
    stdio.send("", call("next", "echo", { text: "x" }));
    await stdio.answer("next");
    expect(stdio.sink.of("entry.rejected")).toMatchObject([{ decision: { rule: "line_too_long", code: "too_large" } }]);
  });

  it.each([
    ["an empty line", "\n"],
    ["CRLF alone", "\r\n"],
    ["white space around", ` ${valid} \r\n`],
  ])("is not disturbed by %s", async (_, bytes) => {
    await using stdio = await connectOld();
    stdio.input.write(bytes);
    stdio.send(call("next", "echo", { text: "x" }));
    await stdio.answer("next");
    expect(stdio.sink.of("entry.rejected")).toEqual([]);
    expect(stdio.received.filter((message) => message.error !== undefined)).toEqual([]);
  });
});
