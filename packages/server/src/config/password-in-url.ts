/** Whether a URL holds a password. */
export function holdsPassword(url: string): boolean {
  return (URL.parse(url)?.password ?? "") !== "";
}

/** What is wrong with that, after the name of the key. */
export const PASSWORD_IN_URL =
  "holds a password, where process lists and logs show it. Put the URL in a file of mode 600 and name it in state.urlFile.";
