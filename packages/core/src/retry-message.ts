/**
 * The message of a task's next attempt.
 *
 * All of the call stays: id, root, place in its canvas, queue, priority, the absolute expiry, headers, followers; but for
 * what `task.retry()` was told to change (semantics 1.4).
 *
 * @module
 */

import {
  readDate,
  reprArgs,
  reprKwargs,
  type SignatureOptions,
  type TaskBody,
  type TaskHeaders,
  type TaskMessage,
  type TaskProperties,
  writeDate,
} from "@umbel/protocol";
import type { Amended } from "./control-flow.ts";

/** When the next attempt is due, and where it differs. */
export interface NextAttempt {
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The same for now. */
  readonly now: number;
  readonly amended?: Amended | undefined;
}

/** Makes the message. */
export function retryMessage({ headers, properties, body }: TaskMessage, next: NextAttempt): TaskMessage {
  const { requeues: _before, ...kept } = properties;
  const retries = (headers.retries ?? 0) + 1;
  const message = { headers: { ...headers, retries, eta: writeDate(next.at) }, properties: kept, body };
  return next.amended === undefined ? message : amend(message, next.amended, next.now);
}

function amend({ headers, properties, body }: TaskMessage, amended: Amended, now: number): TaskMessage {
  const { options } = amended;
  return {
    headers: { ...headers, ...headersIn(options, headers, now), ...textsOf(amended) },
    properties: { ...properties, ...placeIn(options) },
    body: bodyWith(body, amended),
  };
}

function headersIn(options: SignatureOptions, headers: TaskHeaders, now: number): Partial<TaskHeaders> {
  const [hard = null, soft = null] = headers.timelimit ?? [];
  return {
    ...options.headers,
    timelimit: [options.time_limit ?? hard, options.soft_time_limit ?? soft],
    shadow: options.shadow ?? headers.shadow ?? null,
    expires: expiryOf(options.expires, now) ?? headers.expires ?? null,
  };
}

function expiryOf(expires: SignatureOptions["expires"], now: number): string | undefined {
  if (expires === undefined || expires === null) return undefined;
  return writeDate(typeof expires === "number" ? now + expires * 1000 : readDate(expires));
}

function textsOf({ args, kwargs }: Amended): Partial<TaskHeaders> {
  return {
    ...(args === undefined ? {} : { argsrepr: reprArgs(args) }),
    ...(kwargs === undefined ? {} : { kwargsrepr: reprKwargs(kwargs) }),
  };
}

function placeIn({ queue, priority }: SignatureOptions): Partial<TaskProperties> {
  return { ...(queue ? { queue } : {}), ...(typeof priority === "number" ? { priority } : {}) };
}

function bodyWith([oldArgs, oldKwargs, embed]: TaskBody, { args = oldArgs, kwargs = oldKwargs }: Amended): TaskBody {
  return [args, kwargs, embed];
}
