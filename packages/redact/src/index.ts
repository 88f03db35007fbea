export type { HiddenPolicy } from "./hidden/clean-hidden.ts";
export { findHidden, type HiddenCharacter } from "./hidden/find-hidden.ts";
export type { HiddenKind } from "./hidden/hidden-kinds.ts";
export { type MarkOptions, markUntrusted } from "./mark-untrusted.ts";
export type { PersonalKind } from "./personal/personal-kinds.ts";
export { createRedactor, type Redactor, type RedactorOptions } from "./redactor.ts";
