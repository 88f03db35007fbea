/** Where we run in a script of a package manager, that tells its children of the project it runs in. That is another one. */
const OF_ANOTHER_PROJECT =
  /^(?:npm_(?:package|lifecycle)_|npm_(?:command|execpath|node_execpath)$|INIT_CWD$|PROJECT_CWD$)/i;

/** pnpm says so of a script's folder and package. Not PNPM_HOME, and no setting: those are the user's, a registry among them. */
const OF_PNPM = /^PNPM_(?:SCRIPT_SRC_DIR|PACKAGE_NAME)$/i;

/** Settings for one command, or another project, that would install elsewhere, less or nothing. All other settings stay. */
const FOR_ONE_COMMAND = new RegExp(
  `^p?npm_config_(?:${[
    "local_prefix|workspaces?|workspace_dir|workspace_root|recursive|filter|dir|global|location",
    "omit|include|only|also|dev|prod|production|optional",
    "dry_run|package_lock_only|lockfile_only|frozen_lockfile|verify_deps_before_run|json|yes",
  ].join("|")})$`,
  "i",
);

/** The environment for installing the new project: that of the user, without what concerns another. */
export function ownEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(environment).filter(
      // With NODE_ENV=production npm and yarn leave out what builds and tests are made of.
      ([name]) => ![OF_ANOTHER_PROJECT, OF_PNPM, FOR_ONE_COMMAND, /^NODE_ENV$/].some((one) => one.test(name)),
    ),
  );
}
