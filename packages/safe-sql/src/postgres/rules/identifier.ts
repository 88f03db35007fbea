/** A name as SQL takes it, quoted whether it must be or not. */
export function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
