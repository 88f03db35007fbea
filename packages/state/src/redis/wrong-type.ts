import { tampered } from "../tampered.ts";

/**
 * Redis answers WRONGTYPE where a key of ours holds a list, say: somebody wrote there. Within a script the word comes after
 * that of the script (Redis 6) or at the start (Redis 7). Every other failure is the store's own.
 */
export async function refuseWrongType<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    const isWrongType = error instanceof Error && error.name === "ReplyError" && /\bWRONGTYPE\b/.test(error.message);
    throw isWrongType ? tampered("entry") : error;
  }
}
