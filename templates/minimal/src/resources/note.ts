import { defineResource, type ResourceDefinition } from "@hardened-mcp/server";
import type { Notes } from "../notes/store.ts";

const mimeType = "text/plain";

/** The notes as resources, which a person attaches in the client; `read_note` is for the model. */
export const noteResource = (notes: Notes): ResourceDefinition =>
  defineResource({
    name: "note",
    description: "One note, as plain text.",
    scope: "notes:read",
    uri: "note://{id}",
    mimeType,
    errors: { unknown: { code: "not_found", message: "There is no note by that id." } },
    audit: { id: "plain" },
    list: () => ({ resources: notes.ids().map((id) => ({ uri: `note://${id}`, name: id, mimeType })) }),
    read: ({ uri, variables }, call) => {
      const found = notes.read(variables["id"] ?? "") ?? call.fail("unknown");
      return [{ uri, mimeType, text: found.text }];
    },
  });
