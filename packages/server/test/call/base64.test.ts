import { describe, expect, it } from "vitest";
import { contentBlocks } from "../../src/define/content.ts";
import { callOnce } from "../support/call-once.ts";
import { errorOf } from "../support/walk.ts";

// In pieces, so that no scanner of repositories takes it for a leak.
const SECRET = ["AKIA", "QWERTYUIOPASDFGH"].join("");
const base64 = (text: string | Uint8Array): string => Buffer.from(text).toString("base64");

/** What the one block of an answer carries, decoded. */
async function carried(block: object): Promise<Buffer> {
  const { answer } = await callOnce({ output: contentBlocks, run: () => [block] });
  if (!answer.ok) throw new Error(answer.error.message);
  const [sent] = answer.result["content"] as { data?: string; resource?: { blob: string } }[];
  return Buffer.from(sent?.data ?? sent?.resource?.blob ?? "", "base64");
}

describe("text that comes as base64", () => {
  it.each([
    ["an image", (data: string) => ({ type: "image", mimeType: "image/svg+xml", data })],
    ["a sound", (data: string) => ({ type: "audio", mimeType: "audio/wav", data })],
    ["an embedded resource", (blob: string) => ({ type: "resource", resource: { uri: "test://x", blob } })],
  ])("loses its secrets in %s too", async (_, block) => {
    const text = (await carried(block(base64(`<svg>${SECRET} grün</svg>`)))).toString("utf8");
    expect(text).toBe("<svg>[redacted:aws_access_key] grün</svg>");
  });

  it("is left alone byte for byte when it is no text", async () => {
    const picture = new Uint8Array([0x89, 0x50, 0x00, 0xff, ...Buffer.from(SECRET)]);
    expect(await carried({ type: "image", mimeType: "image/png", data: base64(picture) })).toEqual(
      Buffer.from(picture),
    );
  });

  it("is refused when it is long, since looking through it would hold up everybody", async () => {
    const block = { type: "resource", resource: { uri: "test://x", blob: base64("x".repeat(3 * 1024 * 1024)) } };
    const { answer } = await callOnce({
      output: contentBlocks,
      run: () => [block],
      limits: { maxResultBytes: 8_000_000 },
    });
    expect(errorOf(answer)).toMatchObject({ code: "too_large", message: expect.stringContaining("Read it as text") });
  });
});
