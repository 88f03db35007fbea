import { fileURLToPath, pathToFileURL } from "node:url";

/** The one URI of an absolute path. Node writes `~` as %7E, which RFC 3986 (6.2.2.2) holds to be another spelling. */
export function fileUri(path: string): string {
  return pathToFileURL(path).href.replaceAll("%7E", "~");
}

/**
 * Whether a `file:` URI is the one that {@link fileUri} gives its path. `%21` and `!` are one path, and so are `//` and
 * `/`, `b.txt/` and `b.txt`, `file://localhost/` and `file:///`; with a query, an encoded slash or another host there is
 * none.
 */
export function isFileUri(uri: string): boolean {
  try {
    return !uri.endsWith("/") && fileUri(fileURLToPath(uri)) === uri;
  } catch {
    return false;
  }
}
