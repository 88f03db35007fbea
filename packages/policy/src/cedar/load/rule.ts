import type { PolicyJson } from "../engine.ts";
import type { Action } from "../schema/vocabulary.ts";

/** What `@approval` says of a permit: `none` waives the human's yes, `required` asks for one. */
export type Approval = "none" | "required";

/** One policy of a file. */
export interface Rule {
  /** `@id`, or file and line. Unique; what audit records name. */
  readonly id: string;
  readonly file: string;
  readonly line: number;
  /** As written, without the comments before it. */
  readonly text: string;
  readonly effect: "permit" | "forbid";
  readonly approval: Approval | undefined;
  readonly ast: PolicyJson;
  /** The operations that its `action` and `resource` cover. */
  readonly covers: ReadonlySet<Action>;
}
