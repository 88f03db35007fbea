import { AuditError, commandSigner, openFileSigner, rotateSigningKey, type Signer } from "@hardened-mcp/audit";
import type { Command } from "../command.ts";
import { exit, Failure, UsageError } from "../exit.ts";
import type { Flags } from "../flags.ts";
import { asciiJson, printable } from "../printable.ts";

export const auditRotateKey: Command = {
  help: `Goes over to another key that signs the checkpoints of every log in DIR. The change is a record that both keys sign, so
whoever has the old public key can trust the new one. Stop the servers first. Interrupted, it is simply run again.

Without flags the key in DIR is replaced by a new one, and the old one is deleted.

  --old-key FILE           private key that signs so far, where it is not the folder's
  --old-command FILE       program that does, by its absolute path; with --old-public-key
  --new-key FILE           private key that is to sign from now on, where it is not to lie in the folder
  --new-command FILE       program that is to; with --new-public-key
  --old-public-key KEY, --new-public-key KEY   NAME+ID+KEY of a program's key
  --server NAME            what a key in a file signs for, as in the log's id
  --json                   for scripts

Name the new key or program in the server's configuration afterwards.

Exit code: 0 done; 1 not done: a server is running, or the log is damaged; 64 wrong command line; 73 a file cannot be
written; 78 a key that cannot be used, that others can read, or that is not the log's.
`,
  options: {
    "old-key": { type: "string" },
    "old-command": { type: "string" },
    "old-public-key": { type: "string" },
    "new-key": { type: "string" },
    "new-command": { type: "string" },
    "new-public-key": { type: "string" },
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
    return await rotateSigningKey({ dir, old: signerOf(flags, "old"), next: signerOf(flags, "new") });
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

/** @throws {UsageError} a key and a program at once, or a part of either alone */
function signerOf(flags: Flags, which: "old" | "new"): Signer | undefined {
  const [key, command, publicKey] = [`${which}-key`, `${which}-command`, `${which}-public-key`];
  if (flags.given(key) && flags.given(command)) throw new UsageError(`--${key} and --${command} exclude each other`);
  if (flags.given(key)) return openFileSigner({ file: flags.required(key), server: flags.required("server") });
  if (!flags.given(command) && !flags.given(publicKey)) return undefined;
  return commandSigner({ command: [flags.required(command)], publicKey: flags.required(publicKey) });
}
