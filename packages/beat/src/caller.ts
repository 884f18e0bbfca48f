/**
 * Who may call a tick: whoever has the token, and the broker itself (a schedule of QStash, or of the gateway).
 *
 * @module
 */

import {
  type Application,
  bearerIn,
  isLocalRequest,
  publicUrlOf,
  refusalWithout,
  type TokenSource,
  warnOfPublicSecret,
} from "@umbel/core";
import { type Environment, SignatureError } from "@umbel/protocol";
import type { Context } from "hono";
import type { BeatOptions } from "./beat.ts";

/** What decides who may call. */
export interface Door {
  readonly app: Application;
  readonly environment: Environment;
  readonly options: BeatOptions;
}

/** Why the caller is refused; undefined when he may tick. Throws `MissingSettingError`. */
export async function refusalOf(door: Door, context: Context, body: string): Promise<string | undefined> {
  const { tickedBy } = door.options;
  if (tickedBy === "platform") return "The platform ticks this, and nobody else";
  if (tickedBy === "broker" || (bearerIn(context.req.raw) === undefined && tickedBy !== "token")) {
    return await refusalOfPush(door, context, body);
  }
  return await refusalOfToken(door, context, "A tick needs");
}

/** Why the caller is refused who needs the token; undefined when he has it. Throws `MissingSettingError`. */
export async function refusalOfToken(door: Door, context: Context, needs: string): Promise<string | undefined> {
  const { app, environment, options } = door;
  return await refusalWithout({ app, environment, needs, ...tokenSourceOf(options) }, context);
}

/** Where the token of a tick comes from. */
export function tokenSourceOf({ token }: Pick<BeatOptions, "token">): Omit<TokenSource, "isLocal"> {
  return { given: token, setting: "UMBEL_BEAT_TOKEN", purpose: "the tick of beat" };
}

async function refusalOfPush(
  { app, environment, options: { publicUrl, tickedBy } }: Door,
  { req: { raw }, env }: Context,
  body: string,
): Promise<string | undefined> {
  const url = publicUrlOf(raw.url, publicUrl ?? environment("UMBEL_PUBLIC_URL"));
  const isLocal = isLocalRequest(raw, env);
  try {
    await app.broker.verify({ headers: Object.fromEntries(raw.headers), body, urls: [url], isLocal });
    if (app.broker.usesPublicKeys?.() === true) warnOfPublicSecret(app, "signing keys");
    return undefined;
  } catch (error) {
    if (!(error instanceof SignatureError)) throw error;
    const needed = tickedBy === "broker" ? "" : "the header Authorization: Bearer TOKEN, or ";
    return `A tick needs ${needed}the broker's signature: ${error.message}`;
  }
}
