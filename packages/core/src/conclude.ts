/**
 * From how an attempt ended to what is stored of it: the record's state, the result that readers see, the effects.
 *
 * Pure but for the clock: the same outcome gives the same effects, so that whoever stores it first decides.
 *
 * @module
 */

import { afterFailure, afterIgnored, afterRevoked, afterSuccess, consequencesOf, type Following } from "@umbel/canvas";
import {
  type Effect,
  failureOf,
  isReady,
  type RecordState,
  type ResultMeta,
  type ResultTuple,
  type RevokedReason,
  type TaskMessage,
  TaskRevokedError,
  tracebackOf,
  writeDate,
} from "@umbel/protocol";
import type { Application } from "./application.ts";
import { effectsOf, followingOf } from "./effects.ts";
import { keepsErrors } from "./kept-errors.ts";
import { storedLineage } from "./lineage.ts";
import { workerLogger } from "./log.ts";
import { failureWithout, messageWithout, type Omission } from "./omission.ts";
import type { Outcome } from "./outcome.ts";
import { publicationFor } from "./publication.ts";
import { retryMessage } from "./retry-message.ts";

/** Longest pause before a message that was put back is delivered again, in seconds. */
const longestPause = 3600;

/** An attempt that has ended, before it is stored. */
export interface Ended {
  readonly message: TaskMessage;
  readonly queue: string;
  readonly outcome: Outcome;
  /** What the body sent. */
  readonly children: readonly ResultTuple[];
  /** Ids of members that it has added to its chord. */
  readonly additions?: readonly string[];
  /** Name of this worker, for extended results. */
  readonly hostname: string;
  /** What is left out of its end: nothing, unless the store has refused that as too large. */
  readonly without?: readonly Omission[];
  /** Whether the messages that follow refer to their arguments: the store has refused them as too large. */
  readonly foldsArguments?: boolean;
}

/** What is to be stored of an attempt. */
export interface Conclusion {
  readonly state: RecordState;
  /** Absent when results are ignored, and when readers are to see what they saw before. */
  readonly result?: ResultMeta;
  readonly effects: readonly Effect[];
}

/** Why an attempt cannot end as it wants to: what is to follow cannot be read, or not be written. */
export interface Unwritable {
  readonly unwritable: unknown;
}

/**
 * Says what to store, or why nothing can be: the task has failed then, for that reason. Never throws, and always says what to
 * store of a failure.
 */
export function conclude(app: Application, ended: Ended): Conclusion | Unwritable {
  const { without = [] } = ended;
  const told = { ...ended, message: messageWithout(withAdditions(ended), without) };
  try {
    const conclusion = concluded(app, told);
    return without.includes("followers") ? { ...conclusion, effects: [] } : conclusion;
  } catch (error) {
    return ended.outcome.state === "FAILURE" ? unfollowable(app, told, error) : { unwritable: error };
  }
}

/** Its message as those see it who count it, and its next attempt. */
function withAdditions({ message, additions = [] }: Ended): TaskMessage {
  if (additions.length === 0) return message;
  return { ...message, properties: { ...message.properties, additions } };
}

function concluded(app: Application, ended: Ended): Conclusion {
  const { outcome } = ended;
  switch (outcome.state) {
    case "SUCCESS":
      return succeeded(app, ended, outcome.value);
    case "FAILURE":
      return failed(app, ended, outcome.error);
    case "REVOKED":
      return revoked(app, ended, outcome.reason);
    case "IGNORED":
      return ignored(app, ended, outcome.hasOwnState);
    case "RETRY":
      return retried(app, ended, outcome);
    case "REJECTED":
      return requeued(app, ended);
    case "REPLACED":
      return { state: "REPLACED", effects: effectsOf(app, consequencesOf(outcome.beginning.calls)) };
  }
}

/** Only a foreign sender's message comes to this: ours are checked before they are sent. */
function unfollowable(app: Application, ended: Ended, error: unknown): Conclusion {
  const { task: taskName, id: taskId } = ended.message.headers;
  const traceback = tracebackOf(error);
  app
    .logger({ logger: workerLogger, taskName, taskId })
    .critical(`ended, but what is to follow it cannot be read, so nobody else is told: ${traceback}`);
  const shown = { status: "FAILURE", result: failureOf(error), traceback, effects: [] };
  return { state: "FAILURE", effects: [], ...stored(app, ended, shown) };
}

function succeeded(app: Application, ended: Ended, value: unknown): Conclusion {
  const effects = effectsOf(app, afterSuccess(ended.message, value, followingOf(app)));
  return { state: "SUCCESS", effects, ...stored(app, ended, { status: "SUCCESS", result: value, effects }) };
}

function failed(app: Application, ended: Ended, error: unknown): Conclusion {
  const told = failureWithout({ failure: failureOf(error), traceback: tracebackOf(error) }, ended.without);
  const effects = effectsOf(app, afterFailure(ended.message, told, followingFor(app, ended)));
  const { failure: result, traceback } = told;
  return { state: "FAILURE", effects, ...stored(app, ended, { status: "FAILURE", result, traceback, effects }) };
}

function revoked(app: Application, ended: Ended, reason: RevokedReason): Conclusion {
  const failure = failureOf(new TaskRevokedError(reason));
  const effects = effectsOf(app, afterRevoked(ended.message, { failure, traceback: null }, followingFor(app, ended)));
  return { state: "REVOKED", effects, ...stored(app, ended, { status: "REVOKED", result: failure, effects }) };
}

/**
 * Readers see the state that the body has set itself; else SUCCESS null, since Python knows no other end for a reader to
 * wait for. Our record says IGNORED.
 */
function ignored(app: Application, ended: Ended, hasOwnState: boolean): Conclusion {
  const effects = effectsOf(app, afterIgnored(ended.message, followingFor(app, ended)));
  if (hasOwnState) return { state: "IGNORED", effects };
  return { state: "IGNORED", effects, ...stored(app, ended, { status: "SUCCESS", result: null, effects }) };
}

function retried(app: Application, ended: Ended, outcome: Extract<Outcome, { state: "RETRY" }>): Conclusion {
  const message = retryMessage(ended.message, { ...outcome, now: app.platform.now() });
  const publication = publicationFor(message, { queue: outcome.amended?.options.queue ?? ended.queue });
  const error = outcome.error ?? new Error("retry");
  const told = failureWithout({ failure: failureOf(error), traceback: tracebackOf(error) }, ended.without);
  const result = { status: "RETRY", result: told.failure, traceback: told.traceback, effects: [] };
  return { state: "RETRY", effects: [{ kind: "send", publication }], ...stored(app, ended, result) };
}

function followingFor(app: Application, { without = [] }: Ended): Following {
  return { ...followingOf(app), endsChords: without.includes("chords") };
}

/** The same attempt once more, after a pause that doubles with each time it is put back: 1 s, 2 s, 4 s, ... */
function requeued(app: Application, ended: Ended): Conclusion {
  const { headers, properties, body } = ended.message;
  const generation = (properties.generation ?? 0) + 1;
  const requeues = (properties.requeues ?? 0) + 1;
  const message: TaskMessage = { headers, properties: { ...properties, generation, requeues }, body };
  const notBefore = app.platform.now() + Math.min(longestPause, 2 ** (requeues - 1)) * 1000;
  const publication = { ...publicationFor(message, { queue: ended.queue }), notBefore };
  return { state: "REJECTED", effects: [{ kind: "send", publication }] };
}

interface Shown {
  readonly status: string;
  readonly result: unknown;
  readonly traceback?: string;
  readonly effects: readonly Effect[];
}

/** The result that readers see, unless results are ignored. */
function stored(app: Application, ended: Ended, shown: Shown): { readonly result?: ResultMeta } {
  const visibility = visibilityOf(app, ended.message, shown.status);
  if (visibility === "none") return {};
  const { headers } = ended.message;
  const done = shown.status === "RETRY" ? null : writeDate(app.platform.now());
  return {
    result: {
      ...(app.conf.resultExtended ? stampsOf(ended) : {}),
      status: shown.status,
      result: visibility === "end" ? null : shown.result,
      traceback: shown.traceback ?? null,
      children: [...sentBy(ended), ...childrenIn(shown.effects)],
      date_done: done,
      task_id: headers.id,
      retries: headers.retries ?? 0,
      ...(headers.group ? { group_id: headers.group } : {}),
      ...(headers.parent_id ? { parent_id: headers.parent_id } : {}),
      ...(app.conf.resultExtended ? extensionOf(ended) : {}),
    },
  };
}

/**
 * How much of an end readers are shown. Where errors are kept although results are ignored a success is shown without its
 * value: whoever waits for the error learns that there is none.
 */
function visibilityOf(app: Application, { headers }: TaskMessage, status: string): "whole" | "end" | "none" {
  const ignore =
    headers.ignore_result ?? app.tasks.get(headers.task)?.options.ignoreResult ?? app.conf.taskIgnoreResult;
  if (!ignore) return "whole";
  if (!isReady(status) || !keepsErrors(app, headers.task)) return "none";
  return status === "SUCCESS" ? "end" : "whole";
}

function sentBy({ children, without = [] }: Ended): readonly ResultTuple[] {
  return without.includes("children") ? [] : children.map((each) => storedLineage(each));
}

function childrenIn(effects: readonly Effect[]): readonly ResultTuple[] {
  return effects.flatMap((each) => (each.kind === "send" ? [[[each.publication.message.headers.id, null], null]] : []));
}

/** Each under its own name, as in Celery; none hides a field of the result. */
function stampsOf({ message: { headers } }: Ended): Partial<ResultMeta> {
  return headers.stamped_headers ? { ...headers.stamps, stamped_headers: headers.stamped_headers } : {};
}

function extensionOf({ message, hostname, queue }: Ended): Partial<ResultMeta> {
  const { headers, body } = message;
  return { name: headers.task, args: body[0], kwargs: body[1], worker: hostname, queue };
}
