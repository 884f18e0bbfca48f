/**
 * The body of a request to the API; what cannot be taken is refused in the API's words.
 *
 * @module
 */

import { BodyTooLarge, readBody } from "../http/read-body.ts";
import { RequestError } from "./request-error.ts";

/** The body, at most `limit` bytes. Throws `RequestError`. */
export async function readBytes(request: Request, limit: number): Promise<Uint8Array> {
  try {
    return await readBody(request, limit);
  } catch (error) {
    if (!(error instanceof BodyTooLarge)) throw error;
    throw new RequestError(
      413,
      `The body is longer than the ${limit} bytes that this gateway takes; send it in parts, or raise maxBody`,
    );
  }
}

/** The body as JSON. Throws `RequestError`. */
export async function readJson(request: Request, limit: number): Promise<unknown> {
  const body = await readBytes(request, limit);
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    // What the parser says quotes the body, which may hold a secret, and errors end up in logs.
    throw new RequestError(400, "The body is not JSON");
  }
}
