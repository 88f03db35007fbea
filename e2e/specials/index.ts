import type { Trial } from "../trial.ts";
import { existingFolder } from "./existing-folder.ts";
import { fromAClone } from "./from-a-clone.ts";
import { interrupted } from "./interrupted.ts";
import { noGit } from "./no-git.ts";
import { closedInput, inCi } from "./nobody-to-ask.ts";
import { nextNode } from "./node-26.ts";
import { phantomDependencies } from "./phantom-dependencies.ts";
import { refusedPairs } from "./refused-pairs.ts";
import { unwritablePath } from "./unwritable-path.ts";
import { yarnBerry } from "./yarn-berry.ts";

/** What rows do not show: where and how projects are made, and what becomes of them elsewhere. */
export const SPECIALS: readonly Trial[] = [
  fromAClone,
  closedInput,
  inCi,
  noGit,
  existingFolder,
  unwritablePath,
  refusedPairs,
  ...interrupted,
  yarnBerry,
  ...phantomDependencies,
  ...nextNode,
];
