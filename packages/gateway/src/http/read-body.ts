/**
 * Reads a request's body, never more of it than allowed.
 *
 * @module
 */

/** A body is longer than allowed. */
export class BodyTooLarge extends Error {
  override readonly name = "BodyTooLarge";
  /** Bytes that would have been allowed. */
  readonly limit: number;

  constructor(limit: number) {
    super(`The body is longer than ${limit} bytes`);
    this.limit = limit;
  }
}

/** The body, at most `limit` bytes. Throws `BodyTooLarge` before anything of a body that says it is longer is read. */
export async function readBody(request: Request, limit: number): Promise<Uint8Array> {
  const length = request.headers.get("content-length");
  if (Number(length ?? 0) > limit) throw new BodyTooLarge(limit);
  // The server sees to it that no more comes than was said.
  return length === null ? readStream(request, limit) : new Uint8Array(await request.arrayBuffer());
}

async function readStream(request: Request, limit: number): Promise<Uint8Array> {
  if (request.body === null) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body) {
    size += chunk.length;
    if (size > limit) throw new BodyTooLarge(limit);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
