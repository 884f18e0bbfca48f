/**
 * Reads the body of a request, as far as it may go.
 *
 * @module
 */

import { type Application, problem } from "@umbel/core";

/** A body as text, or the answer to one that is too large. */
export type Body = { readonly text: string } | { readonly refused: Response };

/** Reads a body of at most `workerMaxBody` bytes; one that is larger is refused before all of it is read. */
export async function readBody({ conf }: Application, request: Request): Promise<Body> {
  const text = await readText(request, conf.workerMaxBody);
  if (text !== undefined) return { text };
  const detail = `The body is larger than workerMaxBody (${conf.workerMaxBody} bytes)`;
  return { refused: problem({ status: 413, code: "BODY_TOO_LARGE", detail }) };
}

/** Undefined when it is larger than `limit` bytes. */
async function readText(request: Request, limit: number): Promise<string | undefined> {
  if (Number(request.headers.get("content-length") ?? 0) > limit) return undefined;
  if (request.body === null) return "";
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  for await (const chunk of chunksOf(request.body)) {
    size += chunk.byteLength;
    if (size > limit) return undefined;
    text += decoder.decode(chunk, { stream: true });
  }
  return text + decoder.decode();
}

async function* chunksOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    reader.releaseLock();
  }
}
