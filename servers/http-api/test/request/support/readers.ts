import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** How servers and the proxies before them come from the path on the wire to segments. */
export const READERS: Readonly<Record<string, (path: string) => readonly string[]>> = {
  "as it stands": (path) => folded(path.split("/")),
  "decoded, then split (nginx proxy_pass, many routers)": (path) => folded(decode(path).split("/")),
  "decoded twice (IIS, chains of proxies)": (path) => folded(decode(decode(path)).split("/")),
  "decoded three times": (path) => folded(decode(decode(decode(path))).split("/")),
  "backslashes as slashes (Windows, WHATWG)": (path) => folded(decode(path).split(/[/\\]/)),
  "trailing dots and blanks dropped (Windows)": (path) =>
    folded(
      decode(path)
        .split("/")
        .map((name) => (/^\.\.?$/.test(name) ? name : name.replace(/[. ]+$/, ""))),
    ),
  "parameters of segments cut off (Tomcat)": (path) =>
    folded(path.split("/").map((name) => decode(name.replace(/;.*/s, "")))),
  "parameters cut off after decoding (proxy, then Tomcat)": (path) =>
    folded(
      decode(path)
        .split("/")
        .map((name) => name.replace(/(?<=^[. ]*);.*/s, "")),
    ),
  "normalised to NFKC": (path) => folded(decode(path).normalize("NFKC").split("/")),
  "ended at a NUL (C strings)": (path) => folded((decode(path).split("\0")[0] ?? "").split("/")),
};

function folded(segments: readonly string[]): readonly string[] {
  const kept: string[] = [];
  for (const segment of segments) {
    if (segment === "" || segment === ".") continue;
    if (segment === "..") kept.pop();
    else kept.push(segment);
  }
  return kept;
}

function decode(text: string): string {
  return text.replaceAll(/(?:%[0-9a-f]{2})+/gi, (escapes) =>
    Buffer.from(escapes.replaceAll("%", ""), "hex").toString("utf8"),
  );
}

/** A real server that says what stood in the request line. */
export async function rawServer(): Promise<{ readonly base: URL; close(): Promise<void> }> {
  // A busy machine can take longer than five seconds to the next request; a connection that ends just then would be a failure of none of ours.
  const server = createServer({ keepAliveTimeout: 0 }, (request, response) => response.end(request.url));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    base: new URL(`http://127.0.0.1:${port}/v1`),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
