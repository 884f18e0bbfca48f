/**
 * The door of the worker: reads a push, believes nothing of it until its signature holds, and makes a message of it.
 *
 * @module
 */

import { type Application, isLocalRequest, problem, publicUrlOf, warnOfPublicSecret } from "@umbel/core";
import { type InvalidMessageError, SignatureError, UnsupportedVersionError } from "@umbel/protocol";
import type { Context } from "hono";
import { bodyOf } from "./body.ts";
import type { RefusalLog } from "./refusal-log.ts";

/** The body of a push that was signed for us, or the answer to one that was not. */
export type Received = { readonly body: string } | { readonly refused: Response };

/** What a door is told of its house. */
export interface Door {
  /** This worker's address as the broker knows it. */
  readonly publicUrl: string | undefined;
  readonly refusals: RefusalLog;
}

/** Reads and verifies a push. */
export async function receive(app: Application, context: Context, { publicUrl, refusals }: Door): Promise<Received> {
  const body = await bodyOf(app, context.req.raw);
  if ("refused" in body) return body;
  try {
    await app.broker.verify({
      headers: Object.fromEntries(context.req.raw.headers),
      body: body.text,
      urls: [publicUrlOf(context.req.raw.url, publicUrl)],
      isLocal: isLocalRequest(context.req.raw, context.env),
    });
    if (app.broker.usesPublicKeys?.() === true) warnOfPublicSecret(app, "signing keys");
    return { body: body.text };
  } catch (error) {
    if (!(error instanceof SignatureError)) throw error;
    refusals.tell(error.message);
    return { refused: problem({ status: 401, code: error.code, detail: error.message }) };
  }
}

/**
 * The answer to a health check that is signed as a push to this worker's address would be, and is not taken as one: keys,
 * address and clock can be tried so without a message. Undefined when it is taken, and for one that is not signed.
 */
export async function untaken(
  app: Application,
  { req, env }: Context,
  address?: string,
): Promise<Response | undefined> {
  if (req.header("upstash-signature") === undefined) return undefined;
  // The address of a worker that is mounted somewhere has no slash behind it, and is public with a path that has.
  const url = publicUrlOf(req.raw.url.replace(/\/?$/, "/"), address).replace(/\/$/, "");
  const headers = Object.fromEntries(req.raw.headers);
  try {
    await app.broker.verify({ headers, body: "", urls: [url], isLocal: isLocalRequest(req.raw, env) });
    return undefined;
  } catch (error) {
    if (!(error instanceof SignatureError)) throw error;
    return problem({ status: 401, code: error.code, detail: error.message });
  }
}

/**
 * The answer to a body that is no message: 489 and the header tell the broker to keep it as a dead letter. One of another
 * version is a newer worker's: the broker is to come back.
 */
export function refuseMessage(error: InvalidMessageError | UnsupportedVersionError): Response {
  if (error instanceof UnsupportedVersionError) {
    return problem({ status: 503, code: error.code, detail: error.message }, { "retry-after": "5" });
  }
  const headers = { "upstash-nonretryable-error": "true" };
  return problem({ status: 489, code: error.code, detail: error.message }, headers);
}
