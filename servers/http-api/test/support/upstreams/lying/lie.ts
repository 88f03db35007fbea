import type { Socket } from "node:net";
import type { SeenRequest } from "../seen.ts";

/** What a lie may use. */
export interface Stage {
  /** The liar's own origin. */
  readonly origin: string;
  /** Another origin, where nothing of a request may ever arrive. */
  readonly elsewhere: string;
  /** Built once and kept: compressing takes a second. */
  bomb(kind: BombKind): Promise<Buffer>;
  /** Adds to what was sent as body so far. */
  sent(bytes: number): void;
}

export type BombKind = "gzip" | "deflate" | "br" | "zstd" | "zstd-window" | "gzip-gzip";

/** How an honest client should end: `fails` never gives an answer, `answers` may. */
export type Outcome = "fails" | "answers";

/** One way to lie. Its name is its path. */
export interface Lie {
  readonly name: string;
  readonly outcome: Outcome;
  tell(socket: Socket, request: SeenRequest, stage: Stage): void | Promise<void>;
}

/** In bodies that must not be believed. */
export const LIE_MARK = "word-of-the-liar";
