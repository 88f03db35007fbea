import {
  type SecureOptions,
  type SecureServer,
  startSecure as start,
} from "../../../../../test/support/secure-server.ts";
import type { TestFolder } from "../../support/folder.ts";
import { CLI } from "../../support/session.ts";

export {
  type Answer,
  codeOf,
  type PublicError,
  recordsIn,
  type SecureServer,
} from "../../../../../test/support/secure-server.ts";

/** The built command, serving the folder's root over HTTPS on loopback. */
export function startSecure(
  folder: TestFolder,
  { callers, config = {} }: Pick<SecureOptions, "callers" | "config">,
): Promise<SecureServer> {
  return start({
    cli: CLI,
    folder: folder.path,
    audit: folder.audit,
    callers,
    config: { roots: [folder.root], ...config },
  });
}
