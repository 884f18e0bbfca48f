/**
 * Who may do what with results: the token allows everything, a signed link to read one call.
 *
 * @module
 */

import {
  type Answering,
  apiToken,
  bearerIn,
  isLocalRequest,
  isPublicToken,
  isSameSecret,
  type Umbel,
  unauthorized,
  warnOfPublicSecret,
} from "@umbel/core";
import { type Duration, secondsOf, variable } from "@umbel/protocol";
import type { Context } from "hono";
import { grants, linkTo } from "./link.ts";
import type { Show } from "./result-view.ts";

/** What access is granted by. */
export interface AccessOptions {
  /** The bearer token; `UMBEL_RESULTS_TOKEN` when not given. */
  readonly token?: string;
  /** Taken beside the token while it is changed; `UMBEL_RESULTS_TOKEN_NEXT` when not given. It signs no link. */
  readonly nextToken?: string;
  /** How long a signed link works. Default one day. */
  readonly linkLife?: Duration;
}

/** Whose results they are, and what access to them is granted by. */
export interface Guarded {
  readonly app: Umbel;
  readonly options: AccessOptions;
}

/** What this reader may see of the call, or why nothing. */
export async function admit(guarded: Guarded, context: Context, id: string): Promise<Show | Response> {
  const tokens = tokensOf(guarded, context);
  if (await hasToken(context, tokens)) return { hasTraceback: true };
  const { expires, signature } = context.req.query();
  const now = guarded.app.platform.now();
  if (await isAny(tokens, async (token) => await grants(token, { id, expires, signature }, now))) return {};
  if (expires !== undefined || signature !== undefined) {
    return unauthorized("The link is not one of this service's for this call, or its time is over");
  }
  return refusalOf(context, "Reading", ", or the signed link that enqueueing returned");
}

/** The token that signs links, and what opens everything besides, if anything does. */
export type Tokens = readonly [current: string, ...next: string[]];

/**
 * The tokens that open everything to this request; as the next one, too, the token that everybody knows is as good as none.
 * Throws `MissingSettingError` when there is none.
 */
export function tokensOf({ app, options: { token, nextToken } }: Guarded, { req, env }: Answering): Tokens {
  const isLocal = isLocalRequest(req.raw, env);
  const current = apiToken(app.environment, {
    given: token,
    setting: "UMBEL_RESULTS_TOKEN",
    purpose: "the results API",
    isLocal,
  });
  if (isPublicToken(current)) warnOfPublicSecret(app, "UMBEL_RESULTS_TOKEN");
  const next = nextToken || variable(app.environment, "UMBEL_RESULTS_TOKEN_NEXT");
  return next === undefined || isPublicToken(next) ? [current] : [current, next];
}

/** Whether the request carries one of the tokens. */
export async function hasToken(context: Context, tokens: Tokens): Promise<boolean> {
  const given = bearerIn(context.req.raw);
  return given !== undefined && (await isAny(tokens, async (token) => await isSameSecret(given, token)));
}

/** 401 for whoever brought no token, or not the right one. */
export function refusalOf(context: Context, what: string, otherwise = ""): Response {
  if (context.req.header("authorization") === undefined) {
    return unauthorized(`${what} needs the header Authorization: Bearer TOKEN, with UMBEL_RESULTS_TOKEN's${otherwise}`);
  }
  return unauthorized("The header Authorization is there, but its token is not UMBEL_RESULTS_TOKEN's");
}

/** All of them are looked at, so that the time does not tell which it was. */
async function isAny(tokens: Tokens, opens: (token: string) => Promise<boolean>): Promise<boolean> {
  return (await Promise.all(tokens.map(opens))).includes(true);
}

/** Where a page may follow one call without the token. */
export interface ResultLinks {
  readonly self: string;
  readonly stream: string;
}

/**
 * Signed links to a call that a handler of your own has sent. `base` is where `results(app)` is mounted, `/tasks` say;
 * `context` is Hono's, of the request that is being answered: on another machine development's token will not do.
 * Throws `MissingSettingError` when there is no token.
 */
export async function resultLinks(
  app: Umbel,
  id: string,
  { context, ...options }: AccessOptions & { readonly base: string; readonly context: Answering },
): Promise<ResultLinks> {
  const [token] = tokensOf({ app, options }, context);
  return await linksTo(app, id, { ...options, token });
}

/** Links that are signed with the token; `base` is where the results are mounted. */
export async function linksTo(
  app: Umbel,
  id: string,
  { base, token, linkLife = "1d" }: AccessOptions & { readonly base: string; readonly token: string },
): Promise<ResultLinks> {
  const query = await linkTo(token, { id, expires: app.platform.now() + secondsOf(linkLife) * 1000 });
  const path = `${base}/${encodeURIComponent(id)}`;
  return { self: `${path}?${query}`, stream: `${path}/stream?${query}` };
}
