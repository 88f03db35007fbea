import { auditVerify } from "./audit-verify.ts";
import type { Command } from "./command.ts";

/** Every command of the binary. A new one is one more row. */
export const commands: readonly Command[] = [auditVerify];
