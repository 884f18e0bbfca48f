/**
 * Compressed bodies, as far as web standards can read them.
 *
 * @module
 */

import { InvalidMessageError } from "./errors.ts";
import { repr } from "./repr.ts";

/** Most bytes that a body may grow to; a few kilobytes can be made to inflate to gigabytes. */
const mostBytes = 16 * 1024 * 1024;

/**
 * Undoes what the header `compression` names: nothing, or zlib, which kombu calls `application/x-gzip`. Throws
 * `InvalidMessageError` for another name, for bytes that are no such stream, and for more than 16 MiB.
 */
export async function inflate(bytes: Uint8Array<ArrayBuffer>, compression: unknown): Promise<Uint8Array<ArrayBuffer>> {
  if (compression === undefined || compression === null) return bytes;
  if (compression !== "application/x-gzip") {
    throw new InvalidMessageError(`Envelope: compression ${repr(compression)} is not supported, only zlib is`);
  }
  const stream = new Blob([bytes])
    .stream()
    .pipeThrough(new DecompressionStream("deflate"))
    .pipeThrough(upTo(mostBytes));
  try {
    const inflated = new Uint8Array(await new Response(stream).arrayBuffer());
    if (!endsWithChecksum(bytes, inflated)) throw new RangeError("cut off");
    return inflated;
  } catch (cause) {
    throw new InvalidMessageError(`Envelope: the body is not a zlib stream of at most ${mostBytes} bytes`, { cause });
  }
}

/** Deno takes what comes out of a stream that was cut off for all of it; the last four bytes tell (RFC 1950, 2.2). */
function endsWithChecksum(stream: Uint8Array<ArrayBuffer>, inflated: Uint8Array<ArrayBuffer>): boolean {
  return (
    stream.length > 4 &&
    new DataView(stream.buffer).getUint32(stream.byteOffset + stream.length - 4) === adler32(inflated)
  );
}

/** RFC 1950, 9. */
function adler32(bytes: Uint8Array<ArrayBuffer>): number {
  let [low, high] = [1, 0];
  for (const byte of bytes) {
    low = (low + byte) % 65_521;
    high = (high + low) % 65_521;
  }
  return high * 65_536 + low;
}

/** Passes bytes on, and fails when there are more. */
function upTo(most: number): TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>> {
  let size = 0;
  return new TransformStream({
    transform(chunk, controller) {
      size += chunk.length;
      if (size > most) controller.error(new RangeError(`more than ${most} bytes`));
      else controller.enqueue(chunk);
    },
  });
}
