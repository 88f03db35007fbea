import type { PublicError } from "../call/answer.ts";

/** A refused tool call: structured for programs, the same in text for models, in the one shape that never changes. */
export function refusal(error: PublicError): Record<string, unknown> {
  const structuredContent = { error };
  return { isError: true, content: [{ type: "text", text: JSON.stringify(structuredContent) }], structuredContent };
}
