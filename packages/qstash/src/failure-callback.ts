/**
 * Reads what QStash posts to a failure callback (qstash.md 6).
 *
 * @module
 */

import { type FailedPush, InvalidMessageError, parseJson } from "@umbel/protocol";
import * as z from "zod/mini";
import { base64Text } from "./base64-text.ts";

/** What we need of it. */
interface FailureCallback {
  /** Of the last answer, 0 when there was none. */
  readonly status: number;
  /** Body of the message that could not be delivered, in base64. */
  readonly sourceBody: string;
}

const FailureCallback: z.ZodMiniType<FailureCallback> = z.looseObject({
  status: z.int(),
  sourceBody: z.string(),
} satisfies { [K in keyof FailureCallback]: z.ZodMiniType<FailureCallback[K]> });

/** Reads a failure callback. Throws `InvalidMessageError` when it is none. */
export function openFailure(text: string): FailedPush {
  const callback = FailureCallback.safeParse(parseJson(text));
  if (!callback.success)
    throw new InvalidMessageError(`qstash: this is no failure callback: ${callback.error.message}`);
  const { status, sourceBody } = callback.data;
  return { body: textIn(sourceBody), status };
}

function textIn(base64: string): string {
  try {
    return base64Text(base64);
  } catch (cause) {
    throw new InvalidMessageError("qstash: this is no failure callback: sourceBody is no text in base64", { cause });
  }
}
