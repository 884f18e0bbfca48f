/**
 * What is answered to a message whose task another message with the same id has had run, or is having run.
 *
 * @module
 */

import { type Application, handOver, handOverFailure, problem } from "@umbel/core";
import { type Claim, InvalidMessageError, isTerminal, type RecordState, type TaskMessage } from "@umbel/protocol";
import type { Delivery } from "./deliver.ts";
import { longestWait } from "./put-off.ts";

/** What is owed to those that follow a message; its state is absent while the task runs. */
export interface Owed {
  readonly state?: RecordState | undefined;
}

/** What a claim leaves to be told. */
export function owedBy(claimed: Claim): Owed | undefined {
  if (!("untold" in claimed)) return undefined;
  return { state: claimed.state };
}

/** Tells them how the task has ended; false while it has not. Throws what {@link handOver} throws. */
export async function settleOwed(app: Application, message: TaskMessage, { state }: Owed): Promise<boolean> {
  if (state === undefined || !isTerminal(state)) return false;
  await handOver(app, message, state);
  return true;
}

/** What is answered before they can be told; undefined once they are. Who would not come again is told of a failure. */
export async function putOffOwed(app: Application, delivery: Delivery, owed: Owed): Promise<Response | undefined> {
  const { message, undeliverable = false } = delivery;
  if (await settleOwed(app, message, owed)) return undefined;
  if (!undeliverable) return comeAgain(delivery);
  await handOverFailure(app, message, givenUp(message));
  return undefined;
}

/** Seconds after which the broker comes back at first. After that its tries are to last for as long as they can. */
const pause = 60;

/** The answer to a message whose followers cannot be told yet. */
export function comeAgain({ retried = 0 }: Delivery): Response {
  const detail = "Another message with its id has the task run; what follows this one is told how it ends";
  const seconds = retried === 0 ? pause : longestWait;
  return problem({ status: 409, code: "LEASED", detail }, { "retry-after": String(seconds) });
}

function givenUp({ headers: { id, task } }: TaskMessage): InvalidMessageError {
  return new InvalidMessageError(
    `The message of ${task}[${id}] was given up while another call with its id was under way: give the call a taskId of its own`,
  );
}
