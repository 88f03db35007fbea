import { AuditError, openFileSigner, type RotateOptions, rotateSigningKey } from "@hardened-mcp/audit";
import type { Command } from "../command.ts";
import { exit, Failure, UsageError } from "../exit.ts";
import type { Flags } from "../flags.ts";
import { asciiJson, printable } from "../printable.ts";

export const auditRotateKey: Command = {
  help: `Goes over to another key that signs the checkpoints of every log in DIR. The change is a record that both keys sign, so
whoever has the old public key can trust the new one. Stop the servers first. Interrupted, it is simply run again.

Without flags the key in DIR is replaced by a new one, and the old one is deleted.

  --old-key FILE  private key that signs so far, where it is not the folder's
  --new-key FILE  private key that is to sign from now on; name it in the server's configuration afterwards
  --server NAME   what the keys sign for, as in the log's id; needed with --old-key and --new-key
  --json          for scripts

Exit code: 0 done; 1 not done: a server is running, or the log is damaged; 64 wrong command line; 73 a file cannot be
written; 78 a key that cannot be used, that others can read, or that is not the log's.
`,
  options: {
    "old-key": { type: "string" },
    "new-key": { type: "string" },
    server: { type: "string" },
    json: { type: "boolean" },
  },
  async run(flags, out) {
    const [dir, ...rest] = flags.positionals;
    if (dir === undefined || dir === "" || rest.length > 0) throw new UsageError("name one folder");
    const { publicKey, logs } = await rotate(dir, flags);
    out.write(
      flags.given("json")
        ? asciiJson({ publicKey, logs })
        : `${logs.length} log(s) of ${printable(dir)} are signed by a new key now. Hand it to whoever verifies them:\n${printable(publicKey)}\n`,
    );
    return exit.ok;
  },
};

async function rotate(dir: string, flags: Flags): ReturnType<typeof rotateSigningKey> {
  try {
    const signers = signersOf(flags);
    return await rotateSigningKey({ dir, ...(signers === undefined ? {} : { signers }) });
  } catch (error) {
    if (!(error instanceof AuditError)) throw error;
    throw new Failure(CODES[error.code] ?? exit.failure, error.message, { cause: error });
  }
}

const CANNOT_WRITE = 73;
const CODES: Partial<Record<AuditError["code"], number>> = {
  unavailable: CANNOT_WRITE,
  insecure: exit.configuration,
  invalid: exit.configuration,
  wrong_key: exit.configuration,
};

/** @throws {UsageError} one key without the other would leave a log between two */
function signersOf(flags: Flags): RotateOptions["signers"] {
  const names = ["old-key", "new-key", "server"] as const;
  if (names.every((name) => !flags.given(name))) return undefined;
  const server = flags.required("server");
  return {
    old: openFileSigner({ file: flags.required("old-key"), server }),
    next: openFileSigner({ file: flags.required("new-key"), server }),
  };
}
