/** How every template calls itself. `dummy-server` and `my-servers` are other words. */
const PLACEHOLDER = /(?<![A-Za-z0-9])my-server(?:-(?:minimal|filesystem|database|http-api))?(?![A-Za-z0-9])/g;

/** The text, with the project's name in place of the template's. */
export function renamed(text: string, name: string): string {
  // A function: in a text, `$&` would be an instruction.
  return text.replace(PLACEHOLDER, () => name);
}

/** Where a file of a template goes: names that a package or the workspace would act upon are written with `_` in templates. */
export function placeOf(path: string, name: string): string {
  const parts = path.split("/").map((part) => (part === "_biome.json" ? "biome.json" : part.replace(/^_/, ".")));
  return renamed(parts.join("/"), name);
}
