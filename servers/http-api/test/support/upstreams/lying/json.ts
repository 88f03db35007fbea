import { LIE_MARK, type Lie } from "./lie.ts";
import { honest } from "./wire.ts";

const DEEP = 100_000;

/** JSON that parsers disagree about, or that costs more than it shows. */
const BODIES: readonly (readonly [name: string, outcome: Lie["outcome"], body: string | Uint8Array])[] = [
  ["json-deep-arrays", "fails", "[".repeat(DEEP) + "]".repeat(DEEP)],
  ["json-deep-objects", "fails", `${'{"a":'.repeat(DEEP)}1${"}".repeat(DEEP)}`],
  ["json-deep-unclosed", "fails", "[".repeat(DEEP)],
  ["json-duplicate-keys", "answers", `{"role":"user","role":"${LIE_MARK}"}`],
  ["json-proto", "answers", `{"__proto__":{"polluted":"${LIE_MARK}"},"constructor":{"prototype":{"polluted":true}}}`],
  ["json-to-json", "answers", `{"toJSON":"x","then":"y","valueOf":1,"hasOwnProperty":2}`],
  ["json-lone-surrogates", "answers", `{"name":"\\ud800","\\udfff":"x"}`],
  ["json-infinite", "answers", `{"n":1e999,"m":-1e999}`],
  ["json-nan", "fails", `{"n":NaN}`],
  ["json-trailing", "fails", `{"a":1}{"b":"${LIE_MARK}"}`],
  ["json-comment", "fails", `{"a":1/* ${LIE_MARK} */}`],
  ["json-bom", "answers", `\ufeff{"a":1}`],
  ["json-utf-16", "fails", Buffer.from(`\ufeff{"a":"${LIE_MARK}"}`, "utf16le")],
  [
    "json-invalid-utf-8",
    "answers",
    Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xc3, 0x28, 0xed, 0xa0, 0x80]), Buffer.from('"}')]),
  ],
  ["json-empty", "answers", ""],
  ["json-many-keys", "answers", `{${Array.from({ length: 50_000 }, (_, at) => `"k${at}":0`).join(",")}}`],
  ["json-long-number", "answers", `{"n":${"9".repeat(100_000)}}`],
  ["json-control-in-keys", "answers", `{"\\u001b[31mred\\u200b\\u202e":"\\u0000\\u0007"}`],
  ["json-jsonp", "fails", `alert({"mark":"${LIE_MARK}"})`],
];

export const JSON_LIES: readonly Lie[] = BODIES.map(([name, outcome, body]) => ({
  name,
  outcome,
  tell: (socket) => honest(socket, body),
}));
