/**
 * Whether every object has this already: an argument of that name seems to be given where it is not (`constructor`, `toString`, `__proto__`).
 */
export function isInherited(name: string): boolean {
  return name in Object.prototype;
}

/** Makes names of arguments for one operation: plain, at most 64 characters, no two the same. The wire's own name where it is plain. */
export function createArgumentNames(): (name: string, place: string) => string {
  const taken = new Set<string>();
  return (name, place) => {
    const plain = plainName(name);
    let argument = plain;
    if (taken.has(argument)) argument = `${plain.slice(0, 52)}_${place}`;
    for (let count = 2; taken.has(argument); count++) argument = `${plain.slice(0, 52)}_${place}_${count}`;
    taken.add(argument);
    return argument;
  };
}

function plainName(name: string): string {
  const plain = wordsOf(name);
  return isInherited(plain) ? `_${plain}` : plain;
}

function wordsOf(name: string): string {
  if (/^[A-Za-z](?:[A-Za-z0-9_]{0,62}[A-Za-z0-9])?$/.test(name)) return name;
  const words = name
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .replaceAll(/[^A-Za-z0-9_]+/g, "_")
    // `__proto__` is no name to give a key, on any side.
    .replaceAll(/^_{2,}|_{2,}$/g, "_")
    .slice(0, 64)
    .replace(/(?<=[^_])_$/, "");
  if (words === "" || words === "_") return "value";
  return /^[A-Za-z_]/.test(words) ? words : `_${words}`.slice(0, 64);
}
