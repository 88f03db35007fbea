// What a process that keeps a log needs. The index has verifying, proving and counting besides, which are a third of the package's files.
export type { AuditLog, AuditLogOptions } from "./audit-log.ts";
export { AuditError, type AuditErrorCode } from "./errors.ts";
export { openAuditSlot } from "./log/open-slot.ts";
export { type CommandSignerOptions, commandSigner } from "./signer/command-signer.ts";
export { openFileSigner } from "./signer/file-signer.ts";
export type { Signer } from "./signer/signer.ts";
