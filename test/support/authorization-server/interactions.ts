import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import type { Provider } from "oidc-provider";
import { TEST_USERS } from "./registry.ts";

export const INTERACTION_PATH = "/interaction/";

/** A page of the authorization server, as data: what a person would read in their browser. */
export interface Page {
  /** `login` takes the field `user`; `consent` takes the field `decision`, `approve` or `refuse`. */
  readonly prompt: string;
  readonly client: string;
  /** What the client asks for at a consent, by resource. */
  readonly asked: Readonly<Record<string, readonly string[]>>;
}

type InteractionDetails = Awaited<ReturnType<Provider["interactionDetails"]>>;
type InteractionResults = Parameters<Provider["interactionFinished"]>[2];

/** The pages on which a person says who they are and what a client may do. GET shows one, POST answers it. */
export async function handleInteraction(
  provider: Provider,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const details = await provider.interactionDetails(request, response);
  if (request.method !== "POST") {
    response.setHeader("content-type", "application/json").end(JSON.stringify(toPage(details)));
    return;
  }
  const answers = new URLSearchParams(await text(request));
  const result = details.prompt.name === "login" ? logIn(answers) : await consent(provider, details, answers);
  await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: true });
}

function toPage({ prompt, params }: InteractionDetails): Page {
  return { prompt: prompt.name, client: String(params["client_id"]), asked: askedScopes(prompt.details) };
}

function askedScopes(details: Readonly<Record<string, unknown>>): Page["asked"] {
  return (details["missingResourceScopes"] as Page["asked"] | undefined) ?? {};
}

function logIn(answers: URLSearchParams): InteractionResults {
  const user = answers.get("user") ?? "";
  return Object.hasOwn(TEST_USERS, user)
    ? { login: { accountId: user } }
    : { error: "access_denied", error_description: "nobody of that name" };
}

async function consent(
  provider: Provider,
  { grantId, session, params, prompt }: InteractionDetails,
  answers: URLSearchParams,
): Promise<InteractionResults> {
  if (answers.get("decision") !== "approve") {
    return { error: "access_denied", error_description: "the user said no" };
  }
  const known = grantId === undefined ? undefined : await provider.Grant.find(grantId);
  const owner = { accountId: session?.accountId, clientId: String(params["client_id"]) };
  const grant = known ?? new provider.Grant(owner);
  grant.addOIDCScope((prompt.details["missingOIDCScope"] as string[] | undefined) ?? []);
  for (const [resource, scopes] of Object.entries(askedScopes(prompt.details))) {
    grant.addResourceScope(resource, [...scopes]);
  }
  return { consent: { grantId: await grant.save() } };
}
