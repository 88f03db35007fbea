import { randomBytes } from "node:crypto";
import { createApiKey } from "@hardened-mcp/auth/api-key";
import { SCOPES } from "../options/choices.ts";
import type { Project } from "../options/project.ts";
import { type KeyEntry, WRITER } from "./config.ts";
import type { PlannedFile } from "./planned-file.ts";

/** What only the owner of the project may read, and what the configuration knows of it. */
export interface Secrets {
  readonly files: readonly PlannedFile[];
  readonly key: KeyEntry | undefined;
}

/** Makes the secrets that the options need. They are in the files, and nowhere else. */
export function makeSecrets(project: Project): Secrets {
  const { template, auth, name } = project;
  const state = stateSecrets(project);
  if (auth !== "api-key") return { files: state, key: undefined };
  const { read, write } = SCOPES[template];
  const { key, entry } = createApiKey({ subject: "owner", client: name, scopes: [read, write], roles: [WRITER] });
  return { files: [secret("secrets/api-key", `${key}\n`), ...state], key: { ...entry } };
}

/** On this machine, without a password, until the file says otherwise. */
const STATE_URLS = {
  postgres: (name: string) => `postgres://127.0.0.1:5432/${name}\n`,
  redis: () => "redis://127.0.0.1:6379\n",
} as const;

function stateSecrets({ state, name }: Project): readonly PlannedFile[] {
  if (state === "sqlite") return [];
  return [
    { ...secret("secrets/state-url", STATE_URLS[state](name)), keep: true },
    // What is in the store was sealed with the key: another one would make all of it a forgery.
    { ...secret("secrets/state.key", `${randomBytes(32).toString("base64url")}\n`), keep: true },
  ];
}

function secret(path: string, data: string): PlannedFile {
  return { path, data, mode: 0o600 };
}
