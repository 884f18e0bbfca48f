/**
 * A bearer token before an HTTP API of ours: who has it may enter.
 *
 * @module
 */

import type { Environment } from "@umbel/protocol";
import { apiToken, isPublicToken, type TokenSource } from "./api-token.ts";
import type { CallingApplication } from "./application.ts";
import { isLocalRequest } from "./local-request.ts";
import { problem } from "./problem.ts";
import { warnOfPublicSecret } from "./public-secret.ts";
import { isSameSecret } from "./secret.ts";

/** What a token guards. */
export interface TokenDoor extends Omit<TokenSource, "isLocal"> {
  /** Whose it is: its log is told that a public token is in use. */
  readonly app: Pick<CallingApplication, "logger" | "signals">;
  /** Reads the variable. */
  readonly environment: Environment;
  /** How the sentence begins that says what is missing: `A tick needs`. */
  readonly needs: string;
}

/** A request that is being answered, as Hono's context has it. */
export interface Answering {
  readonly req: { readonly raw: Request };
  /** What the runtime gave with the request. It tells who is connected, which the request itself cannot. */
  readonly env: unknown;
}

/** The token that a request brings in `Authorization: Bearer TOKEN`. */
export function bearerIn({ headers }: Request): string | undefined {
  return /^Bearer (.+)$/i.exec(headers.get("authorization") ?? "")?.[1];
}

/** Why a caller is refused; undefined when it has the token. Throws `MissingSettingError` where there is none to have. */
export async function refusalWithout(
  { app, environment, needs, ...source }: TokenDoor,
  { req: { raw }, env }: Answering,
): Promise<string | undefined> {
  const bearer = bearerIn(raw);
  if (bearer === undefined) return `${needs} the header Authorization: Bearer TOKEN`;
  const token = apiToken(environment, { ...source, isLocal: isLocalRequest(raw, env) });
  if (isPublicToken(token)) warnOfPublicSecret(app, source.setting);
  return (await isSameSecret(bearer, token)) ? undefined : `The bearer token is not ${source.setting}'s`;
}

/** 401, and what would have helped. */
export function unauthorized(detail: string): Response {
  return problem({ status: 401, code: "UNAUTHORIZED", detail }, { "www-authenticate": "Bearer" });
}
