/**
 * What the broker is told of a task whose message it is to keep: whoever looks at its dead letters reads why.
 *
 * @module
 */

import { type Outcome, problem, withoutSaying } from "@umbel/core";
import { failureOf, messageOf } from "@umbel/protocol";

/** Most characters of an error's message. */
const longest = 300;

/** The answer 489, with the error that ended the task where that is known. */
export function kept(outcome?: Outcome): Response {
  const why = outcome?.state === "FAILURE" ? ` (${reasonOf(outcome.error)})` : "";
  const detail = `The task has ended${why}, and its message is to be kept among the dead letters`;
  return problem({ status: 489, code: "REJECTED", detail }, { "upstash-nonretryable-error": "true" });
}

function reasonOf(error: unknown): string {
  const failure = failureOf(error);
  const text = withoutSaying(`${failure.exc_type}: ${messageOf(failure)}`);
  return text.length <= longest ? text : `${text.slice(0, longest)}...`;
}
