import type { ResultColumn, SqlParam } from "../cells.ts";
import type { SqlErrorCode } from "../errors.ts";
import type { EffectiveTable } from "../rules/rules.ts";
import type { ChangeForecast, SourceLimits } from "../source.ts";

/** First frame to a child: what it serves. The mask key comes this way, since arguments and environment can be read by others. */
export interface Hello {
  readonly file: string;
  readonly writable: boolean;
  readonly limits: SourceLimits;
  readonly maskKey: string;
}

/** Rules of one variant as JSON carries them. */
export interface VariantRules {
  readonly tables: readonly (readonly [string, EffectiveTable])[] | null;
  readonly functions: readonly string[];
}

/** What `identity(...)` sees. */
export interface Identity {
  readonly subject: string | null;
  readonly tenant: string | null;
  readonly issuer: string | null;
}

/** Where a page goes on: after a key, or past so many rows. */
export type Resume = { readonly after: number | string; readonly descending: boolean } | { readonly skip: number };

export interface QueryAsk {
  readonly op: "query";
  readonly sql: string;
  readonly params: readonly SqlParam[];
  readonly maxRows: number;
  readonly resume?: Resume | undefined;
}

export interface ChangeAsk {
  readonly op: "forecast" | "execute";
  readonly sql: string;
  readonly params: readonly SqlParam[];
  readonly everyRow: boolean;
  readonly expected?: ChangeForecast["effect"] | undefined;
}

export type Ask =
  | QueryAsk
  | ChangeAsk
  | { readonly op: "explain"; readonly sql: string; readonly params: readonly SqlParam[] }
  | { readonly op: "sample"; readonly table: string; readonly maxRows: number; readonly resume?: Resume | undefined }
  | { readonly op: "tables" | "catalogue" | "health" | "check" }
  | { readonly op: "describe"; readonly table: string };

/** One frame to a child. `rules` come with the first ask of a variant, and only its number after that. */
export type Request = Ask & {
  readonly variant: number;
  readonly rules?: VariantRules | undefined;
  readonly identity: Identity;
};

/** The rows of a page are the part of a frame after this, as JSON: see {@link Answered}. */
export interface PageAnswer {
  readonly columns: readonly ResultColumn[];
  readonly count: number;
  readonly cutCells: number;
  readonly next?: Resume;
}

export interface CatalogueAnswer {
  readonly relations: readonly { readonly name: string; readonly kind: string; readonly columns: readonly string[] }[];
  readonly functions: readonly string[];
}

/**
 * What follows a frame's own JSON after a line break, which no JSON of ours holds: JSON that may be sent on without being parsed.
 */
export interface Answered {
  readonly ok: unknown;
  readonly body: string | undefined;
}

/** One frame from a child. `detail` is an engine's own text: it becomes the `cause` of an error and goes nowhere else. */
export type Reply =
  | { readonly ok: unknown }
  | { readonly error: { readonly code: SqlErrorCode; readonly hint?: string; readonly detail?: string } };
