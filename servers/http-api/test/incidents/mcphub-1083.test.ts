import { describe, expect, it } from "vitest";
import { build, operation, parameter, refused } from "../request/support/operation.ts";

/** mcphub issue 1083: tools made of an OpenAPI document put path arguments into the URL without encoding, so that `?`, `#` and slashes of an argument changed what was asked. */
describe("mcphub #1083: path arguments that are not encoded", () => {
  const op = operation({
    path: "/files/{name}/meta",
    parameters: [parameter("name", "path"), parameter("admin", "query")],
  });

  it.each(["a?admin=true", "a#", "a?", "a&admin=true"])("%s stays a name", (name) => {
    const { url } = build(op, { name });
    expect([decodeURIComponent(url.pathname), url.search, url.hash]).toEqual([`/v1/files/${name}/meta`, "", ""]);
  });

  it.each(["a/b", "a/../../x", "/x"])("%s is refused", (name) => {
    expect(refused(() => build(op, { name }))).toBe("invalid_input request/path_slash@name");
  });
});
