/**
 * Who may control: whoever has the token.
 *
 * @module
 */

import { apiToken, isLocalRequest, isPublicToken, isSameSecret, type Umbel, warnOfPublicSecret } from "@umbel/core";
import type { Context } from "hono";

const setting = "UMBEL_CONTROL_TOKEN";

/** Why the caller is refused; undefined when he may. Throws `MissingSettingError`. */
export async function refusalOf(
  app: Umbel,
  { req, env }: Context,
  given: string | undefined,
): Promise<string | undefined> {
  const bearer = req.header("authorization")?.match(/^Bearer (.+)$/i)?.[1];
  if (bearer === undefined) return "Control needs the header Authorization: Bearer TOKEN";
  const token = apiToken(app.environment, {
    given,
    setting,
    purpose: "control over HTTP",
    isLocal: isLocalRequest(req.raw, env),
  });
  if (isPublicToken(token)) warnOfPublicSecret(app, setting);
  return (await isSameSecret(bearer, token)) ? undefined : `The bearer token is not ${setting}'s`;
}
