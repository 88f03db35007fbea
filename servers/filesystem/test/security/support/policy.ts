import type { NewApiKey } from "../../../../../packages/auth/src/index.ts";
import type { ManifestOperation } from "../../../../../packages/policy/src/index.ts";

/** One policy of every kind: by role, by tool, by tenant, by argument, by time, and one that takes away. */
export const POLICY = `
@id("readers") permit (principal in Role::"reader", action in Action::"read", resource == Server::"filesystem");

@id("listers") permit (
  principal in Role::"lister",
  action in [
    filesystem::Action::"list_directory",
    filesystem::Action::"list_allowed_directories",
    filesystem::Action::"get_file_info"
  ],
  resource
);

@id("public-files") permit (
  principal in Role::"visitor",
  action in [filesystem::Action::"read_text_file", filesystem::Action::"get_file_info"],
  resource
) when { context.args.path like "public/*" };

@id("visitors-resources") permit (principal in Role::"visitor", action == filesystem::Action::"resource/file", resource)
when { context.args.uri like "file:///*/public/*" };

@id("no-private-resources") forbid (principal in Role::"outsider", action == filesystem::Action::"resource/file", resource)
when { context.args.uri like "*/private/*" };

@id("no-way-up") forbid (principal in Role::"visitor", action, resource == Server::"filesystem")
when { context.args has path && context.args.path like "*..*" };

@id("acme") permit (principal in Tenant::"acme", action == filesystem::Action::"directory_tree", resource);

@id("any-hour") permit (principal in Role::"shift", action == filesystem::Action::"read_file", resource)
when { context.time.hour >= 0 };

@id("no-hour") permit (principal in Role::"shift", action == filesystem::Action::"search_files", resource)
when { context.time.hour > 23 };

@id("no-media") forbid (principal in Role::"intern", action == filesystem::Action::"read_media_file", resource);
`;

const scopes = ["files:read"];

/** Callers, each with an API key of its name. */
export const CALLERS = {
  reader: { scopes, roles: ["reader"] },
  lister: { scopes, roles: ["lister"] },
  visitor: { scopes, roles: ["visitor"] },
  outsider: { scopes, roles: ["reader", "outsider"] },
  intern: { scopes, roles: ["reader", "intern"] },
  acme: { scopes, tenant: "acme" },
  globex: { scopes, tenant: "globex" },
  shift: { scopes, roles: ["shift"] },
  "reader-without-scope": { scopes: [], roles: ["reader"] },
  nobody: { scopes },
} as const satisfies Readonly<Record<string, Omit<NewApiKey, "subject">>>;

export const FILES = { "public/a.txt": "hello", "private/b.txt": "hidden" };

/** URIs that a parser takes to `private/b.txt`, and that neither begin nor go on as the policy above has it. */
export const SPELLINGS: readonly (readonly [what: string, uri: (root: string) => string])[] = [
  ["dots", (root) => `file://${root}/public/../private/b.txt`],
  ["dots after a dot", (root) => `file://${root}/public/./../private/b.txt`],
  ["encoded dots", (root) => `file://${root}/public/%2e%2e/private/b.txt`],
  ["encoded dots in upper case", (root) => `file://${root}/public/%2E%2E/private/b.txt`],
  ["a dot and an encoded one", (root) => `file://${root}/public/.%2E/private/b.txt`],
  ["a tab between dots", (root) => `file://${root}/public/.\t./private/b.txt`],
  ["a line end between dots", (root) => `file://${root}/public/.\n./private/b.txt`],
  ["backslashes and dots", (root) => `file://${root}/public/..\\private\\b.txt`],
  ["backslashes", (root) => `file://${root}\\private\\b.txt`],
  ["an encoded letter", (root) => `file://${root}/%70rivate/b.txt`],
  ["a tab in the name", (root) => `file://${root}/pri\tvate/b.txt`],
  ["a carriage return in the name", (root) => `file://${root}/privat\re/b.txt`],
  ["a query", (root) => `file://${root}/%70rivate/b.txt?/public/`],
  ["a fragment", (root) => `file://${root}/%70rivate/b.txt#/public/`],
  ["another way up, and a host", (root) => `file://localhost${root}/public/../private/b.txt`],
];

/** What reaches a public file, and what a condition on a path has to refuse. */
export function argumentsFor(
  { name }: Pick<ManifestOperation, "name">,
  root: string,
): readonly [good: object, bad: object] {
  const both = (of: (path: string) => object): readonly [object, object] => [of("public/a.txt"), of("private/b.txt")];
  switch (name) {
    case "file":
      return both((path) => ({ uri: `file://${root}/${path}` }));
    case "read_multiple_files":
      return both((path) => ({ paths: [path] }));
    case "list_allowed_directories":
      return [{}, {}];
    case "search_files":
    case "search_content":
      return [
        { path: "public", pattern: "*" },
        { path: "private", pattern: "*" },
      ];
    case "list_directory":
    case "list_directory_with_sizes":
    case "directory_tree":
      return [{ path: "public" }, { path: "private" }];
    default:
      return both((path) => ({ path }));
  }
}
