import type { SchemaSet } from "../model/json-schema.ts";
import type { Scanner } from "../schema/scan.ts";
import type { SchemaNode } from "../schema/words.ts";
import type { Reserved } from "./reserved-names.ts";

/** What every operation of a document is mapped with. */
export interface Mapping {
  readonly root: SchemaNode;
  readonly schemas: SchemaSet & { readonly scanner: Scanner };
  readonly reserved: (place: string, name: string) => Reserved | undefined;
  /** Whether files can be sent. */
  readonly hasUploads: boolean;
}
