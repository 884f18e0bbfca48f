/**
 * Who may call a tick: whoever has the token, and the broker itself (a schedule of QStash, or of the gateway).
 *
 * @module
 */

import { apiToken, type Application, publicUrlOf } from "@umbel/core";
import { type Environment, SignatureError } from "@umbel/protocol";
import type { Context } from "hono";
import { timingSafeEqual } from "hono/utils/buffer";

/** What decides who may call. */
export interface Door {
  readonly app: Application;
  readonly environment: Environment;
  readonly token: string | undefined;
  readonly publicUrl: string | undefined;
}

/** Why the caller is refused; undefined when he may tick. Throws `MissingSettingError`. */
export async function refusalOf(door: Door, context: Context): Promise<string | undefined> {
  const bearer = context.req.header("authorization")?.match(/^Bearer (.+)$/i)?.[1];
  if (bearer === undefined) return await refusalOfPush(door, context);
  const token = { given: door.token, setting: "UMBEL_BEAT_TOKEN", purpose: "the tick of beat", url: context.req.url };
  const isKnown = await timingSafeEqual(bearer, apiToken(door.environment, token));
  return isKnown ? undefined : "The bearer token is not UMBEL_BEAT_TOKEN's";
}

async function refusalOfPush({ app, environment, publicUrl }: Door, context: Context): Promise<string | undefined> {
  const { raw } = context.req;
  const url = publicUrlOf(raw.url, publicUrl ?? environment("UMBEL_PUBLIC_URL"));
  try {
    await app.broker.verify({ headers: Object.fromEntries(raw.headers), body: await context.req.text(), urls: [url] });
    return undefined;
  } catch (error) {
    if (!(error instanceof SignatureError)) throw error;
    return `A tick needs the header Authorization: Bearer TOKEN, or the broker's signature: ${error.message}`;
  }
}
