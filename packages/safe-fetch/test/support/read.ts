import type { SafeFetch, SafeRequest } from "../../src/types.ts";

/** Status and whole body. */
export async function ask(
  safe: Pick<SafeFetch, "request">,
  url: string,
  request?: SafeRequest,
): Promise<{ readonly status: number; readonly body: string }> {
  const answer = await safe.request(url, request);
  return { status: answer.status, body: (await whole(answer.body)).toString() };
}

export async function whole(body: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** The code of what was thrown, or `reached`. */
export async function outcome(work: () => Promise<unknown>): Promise<string> {
  try {
    await work();
    return "reached";
  } catch (error) {
    const { code, cause } = error as { readonly code?: unknown; readonly cause?: { readonly code?: unknown } };
    return String(code ?? cause?.code ?? error);
  }
}
