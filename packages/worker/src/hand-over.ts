/**
 * What is answered to a message whose task another message with the same id has had run, or is having run.
 *
 * @module
 */

import { type Application, handOver, problem } from "@umbel/core";
import { type Claim, isTerminal, type RecordState, type TaskMessage } from "@umbel/protocol";
import type { Delivery } from "./deliver.ts";
import { longestWait } from "./put-off.ts";

/** What is owed to those that follow a message; its state is absent while the task runs. */
export interface Owed {
  readonly state?: RecordState | undefined;
}

/**
 * What a claim leaves to be told. A letter that is sent again on purpose follows the one before it, whoever followed that:
 * with an end that stays it changes nothing.
 */
export function owedBy(claimed: Claim, { headers }: TaskMessage): Owed | undefined {
  if (!("untold" in claimed) || typeof headers["replay_of"] === "string") return undefined;
  return { state: claimed.state };
}

/** Tells them how the task has ended; false while it has not. Throws what {@link handOver} throws. */
export async function settleOwed(app: Application, message: TaskMessage, { state }: Owed): Promise<boolean> {
  if (state === undefined || !isTerminal(state)) return false;
  await handOver(app, message, state);
  return true;
}

/** Seconds after which the broker comes back at first; each time twice as many, up to an hour. */
const pause = 5;

/** The answer, once they are told, or that it is to come again. */
export async function answerOwed(app: Application, { message, retried = 0 }: Delivery, owed: Owed): Promise<Response> {
  if (await settleOwed(app, message, owed)) return Response.json({ state: owed.state });
  const detail = "Another message with its id has the task run; what follows this one is told how it ends";
  const seconds = Math.min(longestWait, pause * 2 ** retried);
  return problem({ status: 409, code: "LEASED", detail }, { "retry-after": String(seconds) });
}
