import { readFileSync } from "node:fs";

const SHARED = new URL("../../../templates/shared/", import.meta.url);

/** What somebody chose, as far as a file of the templates asks. */
export type Chosen = Readonly<Record<"template" | "transport" | "auth" | "state" | "pm", string>>;

/** Every choice that gets a file for containers: over HTTP, with auth. */
export const DEPLOYED: readonly Chosen[] = ["jwt", "oauth", "api-key"].flatMap((auth) =>
  ["sqlite", "postgres", "redis"].flatMap((state) =>
    ["minimal", "filesystem", "database", "http-api"].map((template) => ({
      template,
      transport: "http",
      auth,
      state,
      pm: "npm",
    })),
  ),
);

/** Every package manager by every transport. */
export const BUILT: readonly Chosen[] = ["npm", "pnpm", "yarn", "bun"].flatMap((pm) =>
  [
    ["stdio", "none"],
    ["http", "none"],
    ["both", "none"],
    ["both", "oauth"],
  ].map(([transport = "", auth = ""]) => ({ template: "minimal", transport, auth, state: "sqlite", pm })),
);

export const nameOf = ({ transport, auth, state, pm, template }: Chosen): string =>
  [template, transport, auth, state, pm].join(" ");

/** A shared file as it is. */
export function sharedFile(path: string): string {
  return readFileSync(new URL(path, SHARED), "utf8");
}

/** A shared file as a project gets it. */
export const sharedFor = (path: string, chosen: Chosen): string => keepRegions(sharedFile(path), chosen);

/** The regions that the choices ask for, without the markers. */
export function keepRegions(text: string, chosen: Chosen): string {
  let kept = true;
  const lines = text.split("\n").filter((line) => {
    const marker = /^\s*(?:<!-- |# |\/\/ )(?:only: (?<terms>.*?)|end only)(?: -->)?$/.exec(line);
    if (marker === null) return kept;
    kept = marker.groups?.["terms"]?.split(" ").every((term) => holds(term, chosen)) ?? true;
    return false;
  });
  return lines.join("\n");
}

function holds(term: string, chosen: Chosen): boolean {
  const { name = "", sign, values = "" } = /^(?<name>[a-z]+)(?<sign>!?=)(?<values>\S+)$/.exec(term)?.groups ?? {};
  return values.split(",").includes(chosen[name as keyof Chosen]) === (sign === "=");
}
