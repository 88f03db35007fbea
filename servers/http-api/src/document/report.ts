import type { LeftOut } from "../model/operation.ts";
import type { Scanner } from "../schema/scan.ts";
import { namesOtherTool } from "./text/instructions.ts";
import { cleanText, givesOrders, shownName } from "./text/plain-text.ts";

/** No tool can be made of an operation; caught where operations are walked, and reported. */
export class Unfit extends Error {
  override readonly name = "Unfit";
  readonly reason: string;

  constructor(reason: string, message: string) {
    super(message);
    this.reason = reason;
  }
}

/** Takes down what one operation loses. */
export interface Report {
  readonly where: string;
  /** The tool exists without this. */
  part(what: string, reason: string, message: string): void;
  /** Without this there is no tool, if it is required; else it is only lost. @throws {Unfit} */
  lose(what: string, isRequired: boolean, reason: string, message: string): void;
  /** A text that a model may read; one that gives orders, or names another tool, is left out and reported. */
  told(what: string, text: unknown, most: number): string | undefined;
}

/** Reports what an argument's schema loses. */
export function reportSchema(report: Report, what: string, schema: unknown, scanner: Scanner): void {
  if (scanner.hasBadPattern(schema)) {
    report.part(
      what,
      "pattern",
      "A pattern of it needs backtracking, is too large or is no pattern, and is not held against values.",
    );
  }
  if (scanner.hasSteeringText(schema)) {
    report.part(
      what,
      "description",
      "A text or a name in its schema gives a model orders, names another tool or hides characters, and is not told.",
    );
  }
}

export function createReport(where: string, tool: string, tools: ReadonlySet<string>, leftOut: LeftOut[]): Report {
  function part(what: string, reason: string, message: string): void {
    leftOut.push({ where: `${where}, ${shownName(what, 100) ?? "(unreadable name)"}`, reason, message, what: "part" });
  }

  return {
    where,
    part,
    lose(what, isRequired, reason, message) {
      if (isRequired) throw new Unfit(reason, `It needs ${shownName(what, 100) ?? "(unreadable name)"}. ${message}`);
      part(what, reason, message);
    },
    told(what, text, most) {
      const clean = cleanText(text, most);
      if (clean === undefined) return undefined;
      if (!givesOrders(text, clean) && !namesOtherTool(clean, tool, tools)) return clean;
      part(what, "description", "Its text gives a model orders, or names another tool. Set one in operations.set.");
      return undefined;
    },
  };
}
