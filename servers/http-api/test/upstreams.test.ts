import { connect } from "node:net";
import { setTimeout as after } from "node:timers/promises";
import { load } from "js-yaml";
import { describe, expect, it } from "vitest";
import {
  BOMB_BYTES,
  ERROR_CANARY,
  EVIL_MARK,
  evil,
  LIES,
  lyingUpstream,
  OAUTH_CLIENT,
  OUTSIDE_CANARY,
  oauthServer,
  referenceApi,
  slow,
} from "./support/upstreams/index.ts";

/** What the attacks are worth: against these upstreams, a plain `fetch` must be seen to lose. */
describe("the lying upstream, asked by a plain fetch", () => {
  it("sends it, key and all, to another origin", async () => {
    await using other = await evil();
    await using liar = await lyingUpstream({ elsewhere: other.origin });
    for (const name of [
      "redirect-302",
      "redirect-307",
      "redirect-schemeless",
      "redirect-literal-decimal",
      "redirect-literal-mapped",
    ]) {
      const answer = await fetch(`${liar.origin}/${name}`, { headers: { "x-api-key": "canary-key" } });
      // A listener on an IPv4 address is not reached by the mapped one on every machine; by all others it is.
      expect(await answer.text()).toContain(EVIL_MARK);
    }
    expect(other.everything()).toContain("canary-key");
  });

  it.each(["bomb-gzip", "bomb-deflate", "bomb-br", "bomb-zstd", "bomb-layered"])(
    "fills its memory from a few bytes: %s",
    async (name) => {
      await using liar = await lyingUpstream();
      const answer = await fetch(`${liar.origin}/${name}`);
      expect(Number(answer.headers.get("content-length"))).toBeLessThan(5 * 2 ** 20);
      let bytes = 0;
      for await (const piece of answer.body ?? []) bytes += piece.length;
      expect(bytes).toBe(BOMB_BYTES + 4);
    },
  );

  it.each(["endless", "endless-chunks", "hundred-megabytes", "hundred-megabytes-error"])(
    "is read past any cap: %s",
    async (name) => {
      await using liar = await lyingUpstream();
      const answer = await fetch(`${liar.origin}/${name}`);
      let bytes = 0;
      for await (const piece of answer.body ?? []) {
        bytes += piece.length;
        if (bytes >= 50 * 2 ** 20) break;
      }
      expect(bytes).toBeGreaterThanOrEqual(50 * 2 ** 20);
    },
  );

  it.each([
    "silent",
    "silent-after-status",
    "silent-after-head",
    "silent-in-body",
    "dripping",
    "dripping-head",
    "dripping-interim",
  ])("keeps it waiting: %s", async (name) => {
    await using liar = await lyingUpstream();
    const asked = fetch(`${liar.origin}/${name}`, { signal: AbortSignal.timeout(1_000) }).then((answer) =>
      answer.text(),
    );
    await expect(asked).rejects.toThrow();
    expect(liar.count(name)).toBe(1);
  });

  it("has a name and a purpose for each lie, and tells each one without falling over", async () => {
    expect(new Set(LIES.map(({ name }) => name)).size).toBe(LIES.length);
    await using liar = await lyingUpstream();
    for (const { name } of LIES.filter(({ name }) => !name.startsWith("bomb-"))) {
      const socket = connect(liar.port, liar.host);
      socket.on("error", () => undefined);
      socket.write(`GET /${name} HTTP/1.1\r\nhost: x\r\n\r\n`);
      // Silence is an answer, too; whatever comes, one piece of it is enough.
      await new Promise<unknown>((resolve) =>
        socket.once(name === "silent" ? "connect" : "data", resolve).once("close", resolve),
      );
      socket.destroy();
    }
    expect(await (await fetch(`${liar.origin}/harmless`)).json()).toEqual({ target: "/harmless" });
  });
});

describe("the reference API, asked by a plain fetch", () => {
  it("is climbed out of by dots in a path", async () => {
    await using api = await referenceApi();
    for (const id of ["..", "../../admin", "%2e%2e/detail"]) {
      const answer = await fetch(`${api.baseUrl}/users/${id}/files/x/detail`);
      expect(await answer.text()).toContain(OUTSIDE_CANARY);
    }
    expect(api.climbed()).toHaveLength(3);
  });

  it("echoes the request as it was on the wire", async () => {
    await using api = await referenceApi();
    const answer = (await (
      await fetch(`${api.baseUrl}/users/a%2Fb?x=1`, { headers: { "X-Note": "n" } })
    ).json()) as Record<string, unknown>;
    expect(answer).toMatchObject({ method: "GET", target: "/v1/users/a%2Fb?x=1" });
    expect(answer["headers"]).toContainEqual(["X-Note", "n"]);
  });

  it("tells secrets in its errors, and its document reads back from YAML", async () => {
    await using api = await referenceApi();
    const answer = await fetch(`${api.baseUrl}/status/500`);
    expect([answer.status, await answer.text()]).toEqual([500, expect.stringContaining(ERROR_CANARY)]);
    expect(load(api.yaml)).toEqual(api.document);
  });

  it("takes a payment twice from whoever asks again without a key, and once with one", async () => {
    await using api = await referenceApi();
    const pay = (path: string, headers: Record<string, string> = {}) =>
      fetch(`${api.baseUrl}/${path}?failures=1`, { method: "POST", headers, body: '{"amount":7}' });
    expect((await pay("plain-payments")).status).toBe(503);
    expect(await (await pay("plain-payments")).json()).toEqual({ paid: 7, times: 2 });
    await using other = await referenceApi();
    const once = () =>
      fetch(`${other.baseUrl}/payments?failures=1`, {
        method: "POST",
        headers: { "Idempotency-Key": "k" },
        body: '{"amount":7}',
      });
    await once();
    expect(await (await once()).json()).toEqual({ paid: 7, times: 1 });
  });

  it.each([
    ["link", (answer: Response) => /page=(\d+)>; rel="next"/.exec(answer.headers.get("link") ?? "")?.[1], "page"],
    ["cursor", (_: Response, body: { next?: string }) => body.next ?? undefined, "cursor"],
  ] as const)("has three pages by %s", async (kind, next, name) => {
    await using api = await referenceApi();
    let at: string | undefined = kind === "link" ? "1" : "0";
    let items = 0;
    for (let pages = 0; at !== undefined && pages < 10; pages++) {
      const answer: Response = await fetch(`${api.baseUrl}/pages/${kind}?${name}=${at}`);
      const body = (await answer.json()) as { items: unknown[]; next?: string };
      items += body.items.length;
      at = next(answer, body);
    }
    expect(items).toBe(25);
  });
});

describe("the slow upstream", () => {
  it("answers when it is told to, and knows how many wait", async () => {
    await using upstream = await slow();
    const asked = Promise.all([1, 2, 3].map((at) => fetch(`${upstream.origin}/${at}`)));
    await upstream.reached(3);
    expect(await Promise.race([asked, after(50, "still waiting")])).toBe("still waiting");
    upstream.release();
    expect((await asked).map(({ status }) => status)).toEqual([200, 200, 200]);
  });
});

describe("the OAuth server", () => {
  const ask = (url: string, form: Record<string, string>, secret: string = OAUTH_CLIENT.secret) =>
    fetch(url, {
      method: "POST",
      headers: { authorization: `Basic ${btoa(`${OAUTH_CLIENT.id}:${secret}`)}` },
      body: new URLSearchParams(form),
    });

  it.each(["opaque", "jwt"] as const)(
    "gives %s tokens to a client that proves itself, and to no other",
    async (format) => {
      await using oauth = await oauthServer({ format });
      const answer = await ask(oauth.tokenUrl, { grant_type: "client_credentials", scope: "read" });
      const { access_token: token } = (await answer.json()) as { access_token: string };
      expect(await oauth.introspect(token)).toMatchObject({ scope: "read", client_id: OAUTH_CLIENT.id });
      expect(oauth.issued).toEqual([{ token, grant: "client_credentials" }]);
      expect((await ask(oauth.tokenUrl, { grant_type: "client_credentials" }, "wrong")).status).toBe(401);
    },
  );

  it.each(["opaque", "jwt"] as const)("exchanges a caller's token for a %s one of the same subject", async (format) => {
    await using oauth = await oauthServer({ format });
    const subject = await oauth.subjectToken("alice");
    const form = {
      grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
      subject_token_type: "urn:ietf:params:oauth:token-type:access_token",
      audience: "urn:api:reference",
    };
    const answer = await ask(oauth.tokenUrl, { ...form, subject_token: subject });
    const granted = (await answer.json()) as { access_token: string };
    expect(granted).toMatchObject({
      token_type: "Bearer",
      issued_token_type: "urn:ietf:params:oauth:token-type:access_token",
    });
    expect(await oauth.introspect(granted.access_token)).toMatchObject({ sub: "alice" });
    expect(oauth.exchanged).toMatchObject([{ subject: "alice", subjectToken: subject }]);
    expect((await ask(oauth.tokenUrl, { ...form, subject_token: `${subject}x` })).status).toBe(400);
    expect(oauth.issued).toHaveLength(1);
  });
});
