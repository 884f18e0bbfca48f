/**
 * The door of the worker: reads a push, believes nothing of it until its signature holds, and makes a message of it.
 *
 * @module
 */

import type { Application } from "@umbel/core";
import { type Broker, type InvalidMessageError, SignatureError, UnsupportedVersionError } from "@umbel/protocol";
import type { Context } from "hono";
import { problem } from "./problem.ts";

/** The body of a push that was signed for us, or the answer to one that was not. */
export type Received = { readonly body: string } | { readonly refused: Response };

/** Reads and verifies a push. `publicUrl` is this worker's address as the broker knows it. */
export async function receive(app: Application, context: Context, publicUrl: string | undefined): Promise<Received> {
  const body = await readBody(context.req.raw, app.conf.workerMaxBody);
  if (body === undefined) {
    const detail = `The body is larger than workerMaxBody (${app.conf.workerMaxBody} bytes)`;
    return { refused: problem({ status: 413, code: "BODY_TOO_LARGE", detail }) };
  }
  try {
    await verify(app.broker, { context, body, publicUrl });
    return { body };
  } catch (error) {
    if (!(error instanceof SignatureError)) throw error;
    return { refused: problem({ status: 401, code: error.code, detail: error.message }) };
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

async function verify(
  broker: Broker,
  push: { readonly context: Context; readonly body: string; readonly publicUrl: string | undefined },
): Promise<void> {
  const { raw } = push.context.req;
  const { pathname } = new URL(raw.url);
  const configured = push.publicUrl === undefined ? [] : [`${push.publicUrl.replace(/\/$/, "")}${pathname}`];
  await broker.verify({
    headers: Object.fromEntries(raw.headers),
    body: push.body,
    urls: configured.length > 0 ? configured : [raw.url],
  });
}

/** The body as text; undefined when it is larger than `limit` bytes, which is found before all of it is read. */
async function readBody(request: Request, limit: number): Promise<string | undefined> {
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
