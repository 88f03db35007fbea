import { INTERACTION_PATH, type Page } from "./interactions.ts";
import { REDIRECT_URI } from "./registry.ts";

/** How a person answers the pages they are shown. */
export interface Person {
  /** Typed on the login page; a browser that is logged in already is not asked. */
  readonly user: string;
  /** Default `approve`. */
  readonly decision?: "approve" | "refuse";
}

/** A browser, and the person in front of it. It keeps cookies, so a second visit finds the login of the first. */
export interface UserAgent {
  /**
   * Opens an authorization request, answers every page, and returns where it is sent back to, without going there.
   *
   * @param redirectUri what the client registered. Default {@link REDIRECT_URI}.
   */
  visit(url: string | URL, person: Person, redirectUri?: string): Promise<URL>;
  /** Every page shown, oldest first. */
  readonly pages: readonly Page[];
}

/** More would be a loop: login, its return, consent, its return, and the way back make six. */
const MAX_STEPS = 10;

export function createUserAgent(fetch: typeof globalThis.fetch): UserAgent {
  const cookies = new Map<string, string>();
  const pages: Page[] = [];

  async function go(url: URL, form?: URLSearchParams): Promise<Response> {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const response = await fetch(url, {
      redirect: "manual",
      headers: { cookie },
      ...(form === undefined ? {} : { method: "POST", body: form }),
    });
    for (const line of response.headers.getSetCookie()) keep(line);
    return response;
  }

  function keep(line: string): void {
    const [pair = ""] = line.split(";", 1);
    const [name = "", value = ""] = pair.split(/=(.*)/s);
    if (value === "") cookies.delete(name);
    else cookies.set(name, value);
  }

  async function answer(url: URL, person: Person): Promise<Response> {
    const shown = await go(url);
    if (!url.pathname.startsWith(INTERACTION_PATH)) return shown;
    pages.push((await shown.json()) as Page);
    return await go(url, new URLSearchParams({ user: person.user, decision: person.decision ?? "approve" }));
  }

  return {
    pages,
    async visit(first, person, redirectUri = REDIRECT_URI) {
      let url = new URL(first);
      for (let step = 0; step < MAX_STEPS; step++) {
        const response = await answer(url, person);
        const location = response.headers.get("location");
        const page = await response.text();
        if (location === null) throw new Error(`${url.pathname} shows an error page (${response.status}): ${page}`);
        url = new URL(location, url);
        if (`${url.origin}${url.pathname}` === redirectUri) return url;
      }
      throw new Error(
        `The authorization server redirected more than ${MAX_STEPS} times; the last was to ${url.pathname}.`,
      );
    },
  };
}
