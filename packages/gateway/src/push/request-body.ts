/**
 * Reads a request's body, never more of it than allowed.
 *
 * @module
 */

import { RequestError } from "./request-error.ts";

/** The body, at most `limit` bytes. Throws `RequestError` before anything of a body that says it is longer is read. */
export async function readBody(request: Request, limit: number): Promise<Uint8Array> {
  const length = request.headers.get("content-length");
  if (Number(length ?? 0) > limit) throw tooLarge(limit);
  // The server sees to it that no more comes than was said.
  return length === null ? readStream(request, limit) : new Uint8Array(await request.arrayBuffer());
}

/** The body as JSON. Throws `RequestError`. */
export async function readJson(request: Request, limit: number): Promise<unknown> {
  const body = await readBody(request, limit);
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch (error) {
    throw new RequestError(400, `The body is not JSON: ${String(error)}`);
  }
}

async function readStream(request: Request, limit: number): Promise<Uint8Array> {
  if (request.body === null) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body) {
    size += chunk.length;
    if (size > limit) throw tooLarge(limit);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function tooLarge(limit: number): RequestError {
  return new RequestError(
    413,
    `The body is longer than the ${limit} bytes that this gateway takes; send it in parts, or raise maxBody`,
  );
}
