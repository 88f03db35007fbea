// The superscript digits are reserved too: COM¹ opens the port (Microsoft, "Naming Files, Paths, and Namespaces").
const RESERVED = /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9\u00b9\u00b2\u00b3])(?: *[.:]|$)/i;

/**
 * Says whether Windows would take the name for something else: a stream (`a:b`), a device (`NUL.txt`), the same file
 * less a trailing dot or space, an 8.3 alias (`GIT~1` is `.git`), or a separator.
 */
export function hasWindowsHazard(name: string): boolean {
  return /[<>:"|?*\\]|[. ]$|~[0-9]/.test(name) || RESERVED.test(name);
}
