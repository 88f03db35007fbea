import { fetch as undiciFetch } from "undici";
import { expect, it } from "vitest";
import { createSafeFetch, SafeFetchError } from "../../src/index.ts";

const SECRET = "canary-of-a-header";
const url = "https://api.example.com/";

/** The error of ours in what was thrown. */
async function thrown(work: () => Promise<unknown>): Promise<SafeFetchError> {
  try {
    await work();
  } catch (error) {
    for (let one: unknown = error; one instanceof Error; one = one.cause) if (one instanceof SafeFetchError) return one;
  }
  throw new Error("nothing of ours was thrown");
}

it.each([
  ["Authorization", `Bearer ${SECRET}…`, /header authorization has a .*beyond Latin-1/],
  ["X-Api-Key", `${SECRET}\n`, /header x-api-key has a line break/],
  ["Content-Length", SECRET, /header content-length is set by the client/],
  [`x-${SECRET}:`, "a", /name of a header is none/],
  ["x-a", [SECRET] as never, /header x-a is no string/],
])("%s: the cause says which header cannot be sent, and nothing of its value", async (name, value, why) => {
  const safe = createSafeFetch({ allow: [{ host: "api.example.com" }] });
  const error = await thrown(() => safe.request(url, { headers: { [name]: value } }));
  expect([error.code, error.message]).toEqual(["invalid_request", "invalid_request"]);
  expect(error.cause).toBeInstanceOf(TypeError);
  expect((error.cause as Error).message).toMatch(why);
  expect(`${error.stack}${(error.cause as Error).stack}`).not.toContain(SECRET);
  await safe.close();
});

it("also for who comes over undici", async () => {
  const safe = createSafeFetch({ allow: [{ host: "api.example.com" }] });
  const headers = { "transfer-encoding": "chunked" };
  const error = await thrown(() => undiciFetch(url, { headers, dispatcher: safe.dispatcher }));
  expect((error.cause as Error).message).toMatch(/transfer-encoding is set by the client/);
  await safe.close();
});
