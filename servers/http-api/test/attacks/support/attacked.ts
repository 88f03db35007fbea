import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { openSession, type Session, type ToolAnswer } from "../../../../../test/support/stdio-session.ts";
import {
  type Evil,
  evil,
  type LyingUpstream,
  lyingDocument,
  lyingUpstream,
  type ReferenceApi,
  referenceApi,
  toYaml,
} from "../../support/upstreams/index.ts";

export const CLI = fileURLToPath(new URL("../../../dist/cli.js", import.meta.url));

/** The credentials of both APIs. No byte of either may be anywhere but in requests to its own API. */
export const CREDENTIALS = {
  reference: "canary-credential-of-the-reference-api",
  liar: "canary-credential-of-the-liar",
} as const;

export interface AttackedOptions {
  readonly args?: readonly string[];
  /** What the configuration says of the reference API beside where it is. */
  readonly api?: (folder: string) => Readonly<Record<string, unknown>>;
  /** Further keys of the configuration. */
  readonly config?: (folder: string, upstreams: { readonly liar: LyingUpstream }) => Readonly<Record<string, unknown>>;
  /** In place of {@link CREDENTIALS}, for both APIs. */
  readonly secret?: string;
  /** In place of a bearer token, for both APIs; `secret` is where their {@link CREDENTIALS} are. */
  readonly credential?: (secret: { readonly file: string }) => Readonly<Record<string, unknown>>;
}

/** The built server over stdio, in front of an honest API and of a liar, with another origin listening. */
export interface Attacked extends AsyncDisposable {
  readonly session: Session;
  readonly folder: string;
  readonly api: ReferenceApi;
  readonly liar: LyingUpstream;
  readonly other: Evil;
  /** Calls a tool of the reference API by its name there. */
  call(tool: string, args?: Record<string, unknown>): Promise<ToolAnswer>;
  /** Calls a tool by its whole name. */
  ask(tool: string, args?: Record<string, unknown>): Promise<ToolAnswer>;
  /** Asks the liar for one lie. */
  hear(operation: string): Promise<ToolAnswer>;
  /** All that left the server so far but for its requests: answers, standard error, every file of the audit log. */
  everythingSaid(): string;
  /** Peak resident memory of the server, in bytes. */
  peakBytes(): number;
}

export async function attacked(options: AttackedOptions = {}): Promise<Attacked> {
  const folder = mkdtempSync(join(tmpdir(), "hardened-api-"));
  const file = (name: string, content: string): string => {
    writeFileSync(join(folder, name), content, { mode: 0o600 });
    return join(folder, name);
  };
  const other = await evil();
  const api = await referenceApi({ elsewhere: other.origin });
  const liar = await lyingUpstream({ elsewhere: other.origin });
  const { credential = (token) => ({ type: "bearer", token }) } = options;
  const credentialOf = (name: keyof typeof CREDENTIALS) =>
    credential({ file: file(name, options.secret ?? CREDENTIALS[name]) });
  // Short, since silence is waited for; a retry of each lie would only tell the same again.
  const hasty = {
    headersTimeoutMs: 1_000,
    bodyTimeoutMs: 1_000,
    deadlineMs: 3_000,
    retries: 0,
    breaker: { failures: 1000 },
  };
  const config = file(
    "config.json",
    JSON.stringify({
      limits: { callsPerMinute: 1_000_000 },
      ...options.config?.(folder, { liar }),
      apis: {
        reference: {
          spec: file("reference.yaml", api.yaml),
          baseUrl: api.baseUrl,
          credential: credentialOf("reference"),
          upstream: { retryDelayMs: 1 },
          ...options.api?.(folder),
        },
        liar: {
          spec: file("liar.yaml", toYaml(lyingDocument(liar.origin))),
          baseUrl: liar.origin,
          credential: credentialOf("liar"),
          upstream: hasty,
        },
      },
    }),
  );
  const audit = join(folder, "audit");
  const log = join(folder, "stderr");
  const fd = openSync(log, "w", 0o600);
  const session = await openSession([CLI, "--config", config, "--audit-dir", audit, ...(options.args ?? [])], {
    stderr: fd,
  });
  closeSync(fd);
  const answers: string[] = [];
  const ask = async (tool: string, args: Record<string, unknown> = {}): Promise<ToolAnswer> => {
    const answer = await session.call(tool, args);
    answers.push(JSON.stringify(answer));
    return answer;
  };
  return {
    session,
    folder,
    api,
    liar,
    other,
    ask,
    call: (tool, args) => ask(`reference_${tool}`, args),
    hear: (operation) => ask(`liar_${operation}`),
    everythingSaid: () => [...answers, readFileSync(log, "utf8"), ...filesBelow(audit)].join("\n"),
    peakBytes: () => Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${session.pid}/status`, "latin1"))?.[1]) * 1024,
    async [Symbol.asyncDispose]() {
      await session[Symbol.asyncDispose]();
      for (const upstream of [api, liar, other]) await upstream[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), "latin1"));
}

/** What a tool answered as `body`, where that is an object. */
export function bodyOf(answer: ToolAnswer): Record<string, unknown> {
  if (answer.isError) throw new Error(`expected an answer, got ${answer.text}`);
  return (answer.structured?.["body"] ?? {}) as Record<string, unknown>;
}
