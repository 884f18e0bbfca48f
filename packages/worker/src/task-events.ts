/**
 * What whoever watches is told of a task: the events of Celery's workers, with their fields (celery-wire.md 10).
 *
 * The store publishes them in the same step in which it stores what they tell.
 *
 * @module
 */

import {
  type Application,
  type Ended,
  isTold,
  letterOf,
  type Outcome,
  Reject,
  type RegisteredTask,
  sentLetters,
  servedTask,
  type TaskRequest,
} from "@umbel/core";
import { type Effect, type EventLetter, failureOf, repr, reprOf, tracebackOf, writeDate } from "@umbel/protocol";
import type { Delivery } from "./deliver.ts";
import { sendsTaskEvents } from "./endpoint.ts";
import type { Left } from "./end.ts";
import { processId } from "./process-id.ts";

/** What is told of an end that is about to be stored, and of what it sends. */
export type LettersOf = (ended: Ended, effects: readonly Effect[]) => readonly EventLetter[];

/** The beginning of an attempt; nothing of a task that is not known here: it only fails. */
export function beginningLetters(app: Application, delivery: Delivery, request: TaskRequest): readonly EventLetter[] {
  if (!areEventsSent(app, delivery) || servedTask(app, request.task) === undefined) return [];
  const own = ownFields(request);
  const received = letterOf(app, "task-received", { ...own, ...callFields(request) });
  return [received, letterOf(app, "task-started", own)];
}

function callFields(request: TaskRequest) {
  return {
    name: request.shadow ?? request.task,
    args: request.argsrepr,
    kwargs: request.kwargsrepr,
    root_id: request.rootId,
    parent_id: request.parentId,
    retries: request.retries,
    eta: instant(request.eta),
    expires: instant(request.expires),
  };
}

/** What tells of the end of an attempt. Celery's order: what it has sent, then how it has ended. */
export function tellerOf(app: Application, delivery: Delivery, left: Left): LettersOf {
  return (ended, effects) => [
    ...followingLetters(app, ended, effects),
    ...endLetters(app, delivery, { ...left, ended }),
  ];
}

/** Of what is put back nobody says that it was sent. An end that the store has refused as too large tells of itself only. */
function followingLetters(app: Application, ended: Ended, effects: readonly Effect[]): readonly EventLetter[] {
  if (ended.outcome.state === "REJECTED" || ended.foldsArguments === true) return [];
  const sent = effects.flatMap((each) => (each.kind === "send" ? [each.publication] : []));
  return sentLetters(app, sent);
}

interface End extends Left {
  readonly ended: Ended;
}

function endLetters(app: Application, delivery: Delivery, end: End): readonly EventLetter[] {
  if (!areEventsSent(app, delivery)) return [];
  const task = servedTask(app, end.request.task);
  const told = endOf(end, task);
  return told === undefined ? [] : [letterOf(app, told.type, { ...ownFields(end.request), ...told.fields })];
}

interface ToldEnd {
  readonly type: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** Celery says nothing of a task that was ignored, and nothing of one that was replaced: it ends under the same id later. */
function endOf({ ended, runtime, attempted }: End, task: RegisteredTask | undefined): ToldEnd | undefined {
  const { outcome } = ended;
  switch (outcome.state) {
    case "SUCCESS": {
      const result = repr(outcome.value, task?.options.resultreprMaxsize);
      return { type: "task-succeeded", fields: { result, runtime } };
    }
    case "FAILURE":
      return failure(outcome.error, task === undefined ? undefined : ended);
    case "RETRY":
      return { type: "task-retried", fields: thrown(outcome.error, ended) };
    case "REVOKED":
      return { type: "task-revoked", fields: revocation(outcome, attempted.run !== undefined) };
    case "REJECTED":
      return { type: "task-rejected", fields: { requeue: true } };
    case "IGNORED":
    case "REPLACED":
      return undefined;
  }
}

/** Of a task that is not known here Celery tells no traceback. */
function failure(error: unknown, known: Ended | undefined): ToldEnd {
  if (error instanceof Reject) return { type: "task-rejected", fields: { requeue: false } };
  return { type: "task-failed", fields: thrown(error, known) };
}

/** Longest text of an exception, and of its traceback: Celery's bound for what it shows, and one that a store takes. */
const longestException = 1024;
const longestTraceback = 8192;

/** An exception, and its traceback unless that is not wanted or the end is too large already. */
function thrown(error: unknown, ended: Ended | undefined): ToldEnd["fields"] {
  const isNone = error === undefined || error === null;
  const exception = isNone ? "None" : reprOf(failureOf(error)).slice(0, longestException);
  if (ended === undefined) return { exception };
  const isShort = ended.without !== undefined && ended.without.length > 0;
  return { exception, traceback: isNone || isShort ? null : tracebackOf(error).slice(-longestTraceback) };
}

/** The number of the signal by which Celery terminates a task. */
const termination = 15;

/** One that is to be terminated, and was not running yet, is only revoked. */
function revocation({ reason }: Extract<Outcome, { state: "REVOKED" }>, hasRun: boolean): ToldEnd["fields"] {
  const terminated = reason === "terminated" && hasRun;
  return { terminated, signum: terminated ? termination : null, expired: reason === "expired" };
}

/** Whether anything is told of a delivery: not of one that runs where it was called, nor where there is no place for it. */
function areEventsSent(app: Application, { endpoint, message }: Delivery): boolean {
  return endpoint !== undefined && app.hasBackend && isTold(app, message.headers) && sendsTaskEvents(app, endpoint);
}

function ownFields({ id, hostname }: TaskRequest) {
  const pid = processId();
  return { uuid: id, hostname, ...(pid === null ? {} : { pid }) };
}

function instant(at: number | null): string | null {
  return at === null ? null : writeDate(at);
}
