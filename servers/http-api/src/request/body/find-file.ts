import type { Json } from "../../model/json-schema.ts";
import type { UploadFile, UploadFiles } from "../open-files.ts";
import { refuseArgument } from "../refuse-argument.ts";

/** @throws {CallError} no text, no upload folder, or what {@link UploadFiles.find} throws */
export function findFile(argument: string, value: Json, files: UploadFiles | undefined): UploadFile {
  if (typeof value !== "string") refuseArgument(argument, "has to be the path of a file.", "file_path");
  if (files === undefined) refuseArgument(argument, "names a file, and this server sends none.", "no_uploads");
  return files.find(argument, value);
}
