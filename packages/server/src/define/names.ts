/** Lower-case words joined by one of `_ . -`: no two names look alike, and none needs escaping anywhere. */
const CLEAR_NAME = /^[a-z][a-z0-9]*(?:[_.-][a-z0-9]+)*$/;

/** Characters of a name, at most. */
export const MAX_NAME = 64;

export function isClearName(name: string): boolean {
  return name.length <= MAX_NAME && CLEAR_NAME.test(name);
}
