/**
 * Names whose content is a credential, or whose content some other program will execute.
 *
 * A pattern is a name, or names joined by `/` that must follow one another; `*` is the only wildcard; case is ignored.
 * It refuses what it names and everything below. `.env.example` is refused with `.env.*`: a list without exceptions
 * can be read at a glance. To open it up, pass `deny: DEFAULT_DENY.filter((p) => p !== ".env.*")`.
 */
export const DEFAULT_DENY: readonly string[] = Object.freeze([
  // keys
  ".ssh",
  ".gnupg",
  ".password-store",
  "id_rsa*",
  "id_dsa*",
  "id_ecdsa*",
  "id_ed25519*",
  "*.pem",
  "*.key",
  "*.p12",
  "*.pfx",
  "*.ppk",
  "*.jks",
  "*.keystore",
  "*.kdbx",
  // secrets of programs under development
  ".env",
  ".env.*",
  ".envrc",
  ".htpasswd",
  // tokens of tools
  ".netrc",
  "_netrc",
  ".npmrc",
  ".pypirc",
  ".pgpass",
  ".my.cnf",
  ".git-credentials",
  ".vault-token",
  ".dockercfg",
  ".docker/config.json",
  ".cargo/credentials*",
  ".gem/credentials",
  ".m2/settings*.xml",
  ".config/gh",
  ".config/gcloud",
  ".config/git/credentials",
  ".config/rclone",
  ".aws",
  ".azure",
  ".kube",
  ".*_history",
  // A remote's URL often holds a token; and core.fsmonitor or a hook that is written here runs at the next `git status`.
  "*.git/config*",
  "*.git/credentials",
  "*.git/hooks",
  "*.git/modules",
]);
