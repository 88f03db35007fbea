import { dump } from "js-yaml";
import { describe, expect, it } from "vitest";
import { operationsOf } from "../../src/document/operations.ts";
import { everything, parse } from "../documents/documents.ts";
import { thousandOperations } from "../support/thousand.ts";

describe("a document of 1,000 operations", () => {
  it.each([
    ["JSON", JSON.stringify(thousandOperations())],
    ["YAML", dump(thousandOperations())],
  ])("in %s becomes 1,000 tools, all of them different", (_form, text) => {
    const document = parse(text);
    const options = { allowWrite: true, hasUploads: false, prefix: false };
    const { operations, leftOut } = operationsOf(document, "api", everything(document), options);
    expect(new Set(operations.map(({ tool }) => tool)).size).toBe(1000);
    expect(leftOut).toEqual([]);
  });

  it("can have another number of them", () => {
    for (const operations of [1, 2, 3, 7, 12]) {
      const document = parse(JSON.stringify(thousandOperations({ operations })));
      const options = { allowWrite: true, hasUploads: false, prefix: false };
      expect(operationsOf(document, "api", everything(document), options).operations).toHaveLength(operations);
    }
  });
});
