/**
 * What a delivery does: claim, attempt, commit, report; and how it is answered.
 *
 * 2xx only after everything that must follow has been published. A live holder elsewhere is 409 with the time to come
 * back; a store that cannot be reached is 503, and the broker comes back by itself (delivery.md 5 to 8).
 *
 * @module
 */

import {
  type Application,
  isEarly,
  isDeadFailure,
  isDeadLetter,
  type Outcome,
  perform,
  problem,
  requestOf,
  type TaskRequest,
  within,
} from "@umbel/core";
import { type Claim, type TaskMessage, UmbelError } from "@umbel/protocol";
import { claim } from "./claim.ts";
import { acknowledgeEarly } from "./acknowledge-early.ts";
import type { Background } from "./background.ts";
import { end, type Held, type Work } from "./end.ts";
import type { Endpoint } from "./endpoint.ts";
import { comeAgain, owedBy, putOffOwed } from "./hand-over.ts";
import { asDirected, limitsOf } from "./limits.ts";
import { isLeftOut, leaveOut, longestWait, putOff } from "./put-off.ts";
import { kept } from "./rejection.ts";
import { sendOn } from "./send-on.ts";
import { reportBroken, reportPostponed, reportReceived } from "./report.ts";

/** What an endpoint serves with. */
export interface Serving {
  /** Its name. */
  readonly hostname: string;
  /** What keeps work going after the answer; absent where nothing does. */
  readonly background?: Background | undefined;
  /** What those see of it who watch; absent where nobody does. */
  readonly endpoint?: Endpoint;
}

/** A message at the worker's door. */
export interface Delivery extends Serving {
  readonly message: TaskMessage;
  readonly queue: string;
  /** Whether the broker has tried before. */
  readonly redelivered: boolean;
  /** How often. */
  readonly retried?: number;
  /** It was not pushed: it is run in the process that called it. */
  readonly isEager?: boolean;
  /** The broker has given up: nobody will deliver this message again (delivery.md 11). */
  readonly undeliverable?: boolean;
}

/** Handles a delivery, within what is put around it, and answers the broker. */
export async function deliver(app: Application, delivery: Delivery): Promise<Response> {
  return await within(app, { step: "process", about: delivery }, async () => await handle(app, delivery));
}

async function handle(app: Application, delivery: Delivery): Promise<Response> {
  const request = requestOf(delivery.message, { ...delivery, limits: limitsOf(app, delivery) });
  try {
    const early = isEarly(app, delivery.message);
    const isLate = isPaused(app, delivery);
    if (!isLate) await tellReceived(app, delivery, request);
    const claimed = await claim(app, delivery, request);
    if (early && claimed.answer === "run") return await sendOn(app, delivery, claimed.fence);
    if ("fence" in claimed) {
      if (isHeldBack(app, delivery, claimed)) return await sendOn(app, delivery, claimed.fence);
      if (isLate) await tellReceived(app, delivery, request);
      return await work(app, delivery, { request: asDirected(app, delivery, request), held: claimed });
    }
    return await answer(app, delivery, claimed);
  } catch (error) {
    if (!(error instanceof UmbelError) || !error.transient) {
      await reportBroken(app, request, error);
      throw error;
    }
    reportPostponed(app, request, error);
    return problem({ status: 503, code: error.code, detail: error.message });
  }
}

/**
 * What a broker still delivers is told of when it comes, but for what comes again and again to a queue that is known to be
 * paused, or not this worker's: that is told of once it runs.
 */
async function tellReceived(app: Application, delivery: Delivery, request: TaskRequest): Promise<void> {
  if (delivery.undeliverable === true || isEarly(app, delivery.message)) return;
  await reportReceived(app, delivery, request);
}

async function work(app: Application, delivery: Delivery, held: Work): Promise<Response> {
  const early = await acknowledgeEarly(app, delivery, held);
  if (early !== undefined) return early;
  const { outcome, isUntold } = await end(app, delivery, held);
  return isUntold ? comeAgain(delivery) : ended(app, delivery, outcome);
}

/**
 * Whether the broker has given up what nobody was to begin, now or for most of its tries. It is sent on: who pauses a queue for
 * long does not want to fail what is in it.
 */
function isHeldBack(app: Application, delivery: Delivery, held: Held): boolean {
  if (held.answer !== "lost") return false;
  return held.wasPaused === true || (isPaused(app, delivery) && held.fence.epoch === 0);
}

/** Whether nothing of the queue, or by this worker, is to be begun, as far as is known here. */
function isPaused({ oversight }: Application, delivery: Delivery): boolean {
  const { queue, hostname } = delivery;
  const { paused: queues = [], drained: workers = [] } = oversight.directives;
  return queues.includes(queue) || workers.includes(hostname) || (isLeftOut(delivery) && !isGivenUp(delivery));
}

/** Nobody is sure of its queue then: not each message names it. */
function isGivenUp({ undeliverable }: Delivery): boolean {
  return undeliverable === true;
}

/** The answer to whom there is nothing to run. */
async function answer(app: Application, delivery: Delivery, claimed: Exclude<Claim, Held>): Promise<Response> {
  switch (claimed.answer) {
    case "done":
      await perform(app, claimed.effects, { areTold: true });
      return (await putOffUntold(app, delivery, claimed)) ?? (await endedBefore(app, delivery, claimed.state));
    case "superseded":
      return (await putOffUntold(app, delivery, claimed)) ?? accepted("superseded");
    case "leased":
      return leased(claimed);
    case "paused":
      return isLeftOut(delivery) ? leaveOut(app, delivery) : paused(delivery);
  }
}

async function putOffUntold(app: Application, delivery: Delivery, claimed: Claim): Promise<Response | undefined> {
  const owed = owedBy(claimed);
  return owed && (await putOffOwed(app, delivery, owed));
}

async function endedBefore(app: Application, delivery: Delivery, state: string): Promise<Response> {
  return (await isUnkept(app, delivery, state)) ? kept() : accepted(state);
}

/**
 * The answer once a task has ended. 489 makes the broker keep the message; the failure callback, which comes then, is told
 * that all is done.
 */
function ended(app: Application, { message, undeliverable = false }: Delivery, outcome: Outcome): Response {
  const isDead = !undeliverable && isDeadLetter(app, message.headers.task, outcome);
  return isDead ? kept(outcome) : accepted(outcome.state);
}

/**
 * Whether whoever ended the task has died before it could say that the message is to be kept. Where results are ignored nobody
 * can tell: then it is kept, for a letter too many is no loss.
 */
async function isUnkept(app: Application, { message, undeliverable }: Delivery, state: string): Promise<boolean> {
  if (state !== "FAILURE" || undeliverable === true) return false;
  const { id, task } = message.headers;
  const [stored] = await app.backend.read([id]);
  // What the body has shown of itself may still be there.
  return stored?.status !== "FAILURE" || isDeadFailure(app, task, typeOf(stored.result));
}

function typeOf(failure: unknown): string | undefined {
  if (typeof failure !== "object" || failure === null || !("exc_type" in failure)) return undefined;
  return typeof failure.exc_type === "string" ? failure.exc_type : undefined;
}

function accepted(state: string): Response {
  return Response.json({ state });
}

/** Come back later: an operator has paused the queue, or lets this worker run dry. */
function paused(delivery: Delivery): Response {
  const { queue, hostname } = delivery;
  return putOff(
    delivery,
    `Nothing of the queue "${queue}" is begun by ${hostname} for now: an operator has asked for that`,
  );
}

/** Come back when the lease may have ended; later, the longer the attempt runs already, but within the hour. */
function leased({ remaining, running }: Extract<Claim, { answer: "leased" }>): Response {
  const seconds = Math.ceil(Math.min(Math.max(remaining, running), longestWait));
  const detail = `The task is running; its lease has ${Math.ceil(remaining)} s left`;
  return problem({ status: 409, code: "LEASED", detail }, { "retry-after": String(Math.max(1, seconds)) });
}
