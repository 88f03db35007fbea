import { type HttpUpstream, httpUpstream, json } from "./http-upstream.ts";
import { wholeText } from "./seen.ts";

/** In everything that the other origin answers: an answer with this in it came from where nothing should come from. */
export const EVIL_MARK = "answer-of-the-evil-origin";

export interface Evil extends HttpUpstream {
  /** All that it was ever sent, decoded: credentials are looked for in this. */
  everything(): string;
}

/** Another origin. It answers everything, and remembers everything. */
export async function evil(host = "127.0.0.2"): Promise<Evil> {
  const upstream = await httpUpstream(() => json({ mark: EVIL_MARK }), host);
  return { ...upstream, everything: () => upstream.requests.map(wholeText).join("\n\n") };
}
