import { isUtf8 } from "node:buffer";
import { markUntrusted, type Redactor } from "@hardened-mcp/redact";
import type { Listing } from "../../compile/listed-once.ts";
import type { ContentBlock, PromptMessage, ResourceContents } from "../../define/content.ts";
import { unwritten, writeOut } from "../../define/written.ts";
import { refuse } from "../../errors/call-error.ts";
import type { Operation } from "../../operation.ts";
import type { Answer } from "../answer.ts";
import { capObject, capTexts, refuseTooLarge, type WrittenObject } from "../cap.ts";
import type { Guard } from "../guard.ts";
import { parseOutput } from "../parse-output.ts";
import type { CallState } from "../state.ts";

type Checked = Extract<Answer, { ok: true }>;

/**
 * Does only what may leave leave? The output is parsed by its schema, undeclared keys are cut off, secrets and hidden
 * characters are taken out, and the rest is held to its size. What is sent is the parsed value, never the handler's own
 * object, and every form of it is made from that one value.
 */
export function checkOutput(guard: Guard, call: CallState, operation: Operation, output: unknown): Checked {
  call.step = "check_output";
  const { redactor } = guard;
  const parsed = parseOutput(guard.log, call.ref, operation, output);
  const limit = operation.maxResultBytes;
  switch (operation.form) {
    case "page": {
      const page = redactor.value(parsed) as Record<string, unknown>;
      const bytes = Buffer.byteLength(JSON.stringify(page));
      if (bytes > limit) refuseTooLarge(limit);
      return finished(page, bytes, false);
    }
    case "listing": {
      const { page, bytes } = parsed as Listing;
      return finished(page, bytes, false);
    }
    case "text": {
      const cut = capTexts([redactor.text(parsed as string)], limit);
      const text = marked(guard, operation, cut.texts[0] ?? "");
      return finished({ content: [{ type: "text", text }] }, cut.bytes, cut.truncated);
    }
    case "object": {
      const cut = capObject(redactObject(redactor, parsed as Record<string, unknown>), limit, operation);
      const text = marked(guard, operation, cut.text);
      return { ...finished(bothForms(text, cut.value), cut.bytes, cut.truncated), structured: cut.json };
    }
    case "blocks": {
      const blocks = (parsed as ContentBlock[]).map((block) => redactBlock(redactor, block));
      const cut = capTexts(blocks.map(textOf), limit);
      const content = blocks.map((block, index) => withText(block, marked(guard, operation, cut.texts[index] ?? "")));
      return finished({ content }, cut.bytes, cut.truncated);
    }
    case "contents": {
      const contents = (parsed as ResourceContents[]).map((item) => redactContents(redactor, item));
      const cut = capTexts(contents.map(payloadOf), limit);
      return finished(
        { contents: contents.map((item, at) => withPayload(item, marked(guard, operation, cut.texts[at] ?? ""))) },
        cut.bytes,
        cut.truncated,
      );
    }
    case "messages": {
      const messages = (parsed as PromptMessage[]).map((message) => ({
        role: message.role,
        content: redactBlock(redactor, message.content),
      }));
      const cut = capTexts(
        messages.map((message) => textOf(message.content)),
        limit,
      );
      return finished(
        {
          messages: messages.map((message, at) => ({
            ...message,
            content: withText(message.content, cut.texts[at] ?? ""),
          })),
        },
        cut.bytes,
        cut.truncated,
      );
    }
  }
}

function finished(result: Record<string, unknown>, bytes: number, truncated: boolean): Checked {
  return { ok: true, result, bytes, truncated };
}

function marked(guard: Guard, operation: Operation, text: string): string {
  return guard.markUntrusted && operation.untrusted && text !== ""
    ? markUntrusted(text, { source: operation.target.name })
    : text;
}

/** The structured form is made when it is looked at: who sends the JSON as it was written needs no value. */
function bothForms(text: string, value: Record<string, unknown>): Record<string, unknown> {
  let structured: Record<string, unknown> | undefined;
  return {
    content: [{ type: "text", text }],
    get structuredContent() {
      structured ??= unwritten(value);
      return structured;
    },
  };
}

/** An object's JSON is needed in any case, and most often tells already that there is nothing to redact. */
function redactObject(redactor: Redactor, value: Record<string, unknown>): WrittenObject {
  const json = writtenOut(value);
  if (json !== undefined && redactor.isCleanJson(json)) return { value, json };
  const whole = unwritten(value);
  const redacted = redactor.value(whole);
  if (json !== undefined && redacted === whole) return { value, json };
  return { value: redacted, json: JSON.stringify(redacted) };
}

/** `undefined` for an object with a circle in it, which the redactor breaks. */
function writtenOut(value: Record<string, unknown>): string | undefined {
  try {
    return writeOut(value);
  } catch {
    return undefined;
  }
}

/** Every form of a block that can be read as text is redacted: else a secret would only have to be asked for in another form. */
function redactBlock(redactor: Redactor, block: ContentBlock): ContentBlock {
  if (block.type === "text") return { type: "text", text: redactor.text(block.text) };
  if (block.type === "resource") return { type: "resource", resource: redactContents(redactor, block.resource) };
  if (block.type === "resource_link") return redactor.value(block);
  return { ...block, data: redactBase64(redactor, block.data) };
}

function redactContents(redactor: Redactor, item: ResourceContents): ResourceContents {
  return "text" in item
    ? { ...item, text: redactor.text(item.text) }
    : { ...item, blob: redactBase64(redactor, item.blob) };
}

/** Text that was made for hiding takes the redactor up to a second for each megabyte, in which nobody else is served. */
const MAX_TEXT_AS_BASE64 = 2 * 1024 * 1024;

/** Bytes that are text are redacted as text. A picture is not, and a chance match inside one would only break it. */
function redactBase64(redactor: Redactor, data: string): string {
  const bytes = Buffer.from(data, "base64");
  if (bytes.includes(0) || !isUtf8(bytes)) return data;
  if (bytes.length > MAX_TEXT_AS_BASE64)
    refuse("too_large", "This is text, and long. Read it as text, a part at a time.", { rule: "text_as_base64" });
  const text = bytes.toString("utf8");
  const redacted = redactor.text(text);
  return redacted === text ? data : Buffer.from(redacted, "utf8").toString("base64");
}

/** The part of a block that counts against the size limit; binary parts count too, and are refused rather than cut. */
function textOf(block: ContentBlock): string | { readonly binary: number } {
  if (block.type === "text") return block.text;
  if (block.type === "image" || block.type === "audio") return { binary: block.data.length };
  // A link cannot be cut either.
  return block.type === "resource" ? payloadOf(block.resource) : { binary: JSON.stringify(block).length };
}

function withText(block: ContentBlock, text: string): ContentBlock {
  if (block.type === "text") return { type: "text", text };
  return block.type === "resource" ? { type: "resource", resource: withPayload(block.resource, text) } : block;
}

function payloadOf(item: ResourceContents): string | { readonly binary: number } {
  return "text" in item ? item.text : { binary: item.blob.length };
}

function withPayload(item: ResourceContents, text: string): ResourceContents {
  return "text" in item ? { ...item, text } : item;
}
