import { userInfo } from "node:os";

/** Who is at the keyboard, as the operating system says it: what somebody says of himself is no record. */
export function operator(): string {
  try {
    return userInfo().username;
  } catch {
    // A container may run as a number that has no name.
    return `uid ${process.getuid?.() ?? "unknown"}`;
  }
}
