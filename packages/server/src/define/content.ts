import { z } from "zod";

/** Printable ASCII, as RFC 2045 has it: the one text of a picture that a person may never see. */
export const mimeType = z
  .string()
  .max(255)
  .regex(/^[\x20-\x7e]*$/);

const text = z.object({ type: z.literal("text"), text: z.string() });
const image = z.object({ type: z.literal("image"), data: z.base64(), mimeType: mimeType });
const audio = z.object({ type: z.literal("audio"), data: z.base64(), mimeType: mimeType });
const link = z.object({
  type: z.literal("resource_link"),
  uri: z.string().max(8192),
  name: z.string().max(1024),
  description: z.string().max(4096).optional(),
  mimeType: mimeType.optional(),
});

/** What a resource read answers: text or base64, each with its URI (spec: server/resources). */
export const resourceContents = z.union([
  z.object({ uri: z.string().max(8192), mimeType: mimeType.optional(), text: z.string() }),
  z.object({ uri: z.string().max(8192), mimeType: mimeType.optional(), blob: z.base64() }),
]);
export type ResourceContents = z.infer<typeof resourceContents>;

const embedded = z.object({ type: z.literal("resource"), resource: resourceContents });

/** One MCP content block (spec: server/tools, content types). */
export const contentBlock = z.discriminatedUnion("type", [text, image, audio, link, embedded]);
export type ContentBlock = z.infer<typeof contentBlock>;

/**
 * Output schema of a tool whose answer is not data but content: pictures, sound, files.
 * Such an answer is sent as the blocks themselves and has no structured form.
 */
export const contentBlocks = z.array(contentBlock).max(1000);

/** What a prompt answers (spec: server/prompts). */
export const promptMessages = z
  .array(z.object({ role: z.enum(["user", "assistant"]), content: contentBlock }))
  .min(1)
  .max(100);
export type PromptMessage = z.infer<typeof promptMessages>[number];
