import { type AuditLog, commandSigner, openAuditSlot, openFileSigner, type Signer } from "@hardened-mcp/audit";
import type { AuditConfig } from "./audit-schema.ts";
import { resolvePath } from "./secret-file.ts";

/**
 * Opens the audit log of one process below `dir`, as a configuration says.
 *
 * @throws {AuditError} as `openAuditSlot`; `invalid` and `insecure` for a signing key that cannot be used
 */
export async function openAudit(
  config: AuditConfig | undefined,
  where: { readonly dir: string; readonly server: string },
): Promise<AuditLog> {
  const { signer, ...options } = config ?? {};
  return await openAuditSlot({
    ...options,
    ...where,
    ...(signer === undefined ? {} : { signer: openSigner(signer, where.server) }),
  });
}

/** Secrets that a configuration of the log names: what no client may read. */
export function auditSecretFiles(config: AuditConfig | undefined): readonly string[] {
  const { signer } = config ?? {};
  return signer !== undefined && "keyFile" in signer ? [resolvePath(signer.keyFile)] : [];
}

function openSigner(signer: NonNullable<AuditConfig["signer"]>, server: string): Signer {
  if ("command" in signer) return commandSigner(signer);
  return openFileSigner({ ...signer, file: resolvePath(signer.keyFile), server });
}
