import { StateError } from "../state-error.ts";

/**
 * Loads the library of a store. They are optional: nobody installs three databases' clients to use one.
 *
 * @throws {StateError} `invalid`, saying what to install
 */
export async function loadPeer<T>(name: string, load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    if (!isMissing(error, name)) throw error;
    throw new StateError("invalid", `This state URL needs the package "${name}". Install it: npm install ${name}`, {
      cause: error,
    });
  }
}

// A library whose own dependency is missing is broken, and installing it once more would not help.
function isMissing(error: unknown, name: string): boolean {
  const missing = error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND";
  return missing && error.message.includes(`'${name}'`);
}
