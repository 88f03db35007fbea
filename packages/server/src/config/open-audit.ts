import { type AuditLog, commandSigner, openAuditSlot, openFileSigner, type Signer } from "@hardened-mcp/audit/writing";
import type { AuditConfig } from "./audit-schema.ts";
import { resolvePath } from "./secret-file.ts";
import { shippingSecretFiles } from "./ship-files.ts";

/**
 * Opens the audit log of one process below `dir`, as a configuration says.
 *
 * @throws {AuditError} as `openAuditSlot`; `invalid` and `insecure` for a signing key that cannot be used
 */
export async function openAudit(
  config: AuditConfig | undefined,
  where: { readonly dir: string; readonly server: string },
): Promise<AuditLog> {
  // Where it is sent is another's to open, once the log is there.
  const { signer, exports: _, anchors: __, ...options } = config ?? {};
  return await openAuditSlot({
    ...options,
    ...where,
    ...(signer === undefined ? {} : { signer: openSigner(signer, where.server) }),
  });
}

/** Files that a configuration of the log names and no client may reach. */
export function auditSecretFiles(config: AuditConfig | undefined): readonly string[] {
  const { signer, anchors = [] } = config ?? {};
  return [
    ...(signer !== undefined && "keyFile" in signer ? [resolvePath(signer.keyFile)] : []),
    ...shippingSecretFiles(config ?? {}),
    // No secret, and yet not for clients: whoever could change them could hide that the log was cut.
    ...anchors.flatMap((anchor) => ("file" in anchor ? [resolvePath(anchor.file)] : [])),
  ];
}

function openSigner(signer: NonNullable<AuditConfig["signer"]>, server: string): Signer {
  if ("command" in signer) return commandSigner(signer);
  return openFileSigner({ ...signer, file: resolvePath(signer.keyFile), server });
}
