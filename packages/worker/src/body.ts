/**
 * The body of a request, within what the application allows.
 *
 * @module
 */

import { type CallingApplication, problem, readBody } from "@umbel/core";

/** A body as text, or the answer to one that is too large. */
export type Body = { readonly text: string } | { readonly refused: Response };

/** Reads a body of at most `workerMaxBody` bytes; one that is larger is refused before all of it is read. */
export async function bodyOf({ conf }: Pick<CallingApplication, "conf">, request: Request): Promise<Body> {
  const text = await readBody(request, conf.workerMaxBody);
  if (text !== undefined) return { text };
  const detail = `The body is larger than workerMaxBody (${conf.workerMaxBody} bytes)`;
  return { refused: problem({ status: 413, code: "BODY_TOO_LARGE", detail }) };
}
