import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Ajv, type ValidateFunction } from "ajv";

const SCHEMAS = ["spdx", "jsf-0.82", "cryptography-defs", "bom-1.7"] as const;
const BASE = "http://cyclonedx.org/schema/";

/** Compiled at the first use: a second's work, and the same for all. */
let compiled: ValidateFunction | undefined;

/**
 * Where `bom` is not what CycloneDX 1.7 allows, in the validator's words. The schema is the standard's own, as the makers of
 * CycloneDX publish it with their library. Its formats (URI, date) are not looked into.
 */
export function schemaErrors(bom: unknown): readonly string[] {
  compiled ??= compile();
  compiled(bom);
  return (compiled.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

function compile(): ValidateFunction {
  const library = createRequire(import.meta.url).resolve("@cyclonedx/cyclonedx-library/package.json");
  const ajv = new Ajv({ strict: false, validateFormats: false, allErrors: true });
  for (const name of SCHEMAS) {
    const file = `${name}.SNAPSHOT.schema.json`;
    // The schemas name each other by file, in the folder that their `$id` is in.
    ajv.addSchema(JSON.parse(readFileSync(join(dirname(library), "res/schema", file), "utf8")), `${BASE}${file}`);
  }
  const validate = ajv.getSchema(`${BASE}bom-1.7.SNAPSHOT.schema.json`);
  if (validate === undefined) throw new Error("the schema of CycloneDX 1.7 did not load");
  return validate;
}
