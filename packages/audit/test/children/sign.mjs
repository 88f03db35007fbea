// A signing command of its own: the key is in the file named first, the bytes come on standard input. The second word says
// how it answers: raw, base64, wrong, nothing, fail, or flood.
import { createPrivateKey, generateKeyPairSync, sign } from "node:crypto";
import { readFileSync } from "node:fs";

const [file, how] = process.argv.slice(2);
const signature = sign(undefined, readFileSync(0), createPrivateKey(readFileSync(file)));
if (how === "raw") process.stdout.write(signature);
if (how === "base64") process.stdout.write(`${signature.toString("base64")}\n`);
if (how === "wrong")
  process.stdout.write(sign(undefined, Buffer.from("other"), generateKeyPairSync("ed25519").privateKey));
if (how === "flood") process.stdout.write(Buffer.alloc(1_000_000));
if (how === "hang") setInterval(() => undefined, 1000);
if (how === "environment") process.stdout.write(Object.keys(process.env).join(" ") === "PATH" ? signature : "");
if (how === "fail") process.exitCode = 1;
