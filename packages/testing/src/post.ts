/**
 * Between the broker and the worker: what comes in, what is answered, and what happens to pushes on their way.
 *
 * @module
 */

import type { Choose, MemoryBroker, MemoryPush, WaitingMessage } from "@umbel/memory";
import type { Dice } from "./dice.ts";
import { type Errand, errandOf, errandWithout } from "./errand.ts";
import type { AimedDelivery } from "./fault.ts";
import type { Ledger } from "./ledger.ts";
import type { Plan } from "./plan.ts";

/** What a worker answered to a push: a status, and when it wants to be asked again. */
export type Answer = `${number}` | `${number} after ${string} s` | "connection lost";

/** What the post needs. */
export interface PostOptions {
  readonly plan: Plan;
  readonly ledger: Ledger;
  readonly random: Dice;
  readonly sleep: (seconds: number) => Promise<void>;
  /** Hands a request to the worker. */
  readonly handle: (errand: Errand, request: Request) => Promise<Response>;
  /** Told when a push is underway, and gives back what tells that it is no more. */
  readonly begin: (errand: Errand) => () => void;
}

/** Pushes on their way, and lists of what came and went. */
export interface Post {
  readonly pushes: MemoryPush[];
  readonly answers: Answer[];
  /** Takes a push of the broker's to the worker, as the faults allow. */
  readonly deliver: (push: MemoryPush) => Promise<Response>;
  /** Starts to deliver something that is due. */
  start(broker: MemoryBroker): void;
  /** Takes the nth push to the worker once more. */
  readonly redeliver: (nth: number) => Promise<Response>;
}

/** Seconds after which the broker takes a push that has had no answer for lost. */
const brokerPatience = 900;

/** Longest that a push is held back, in seconds. */
const longestDelay = 3600;

/** Makes a post that carries nothing. */
export function openPost(options: PostOptions): Post {
  const pushes: MemoryPush[] = [];
  const answers: Answer[] = [];
  const struck: Struck = new Map();
  return {
    pushes,
    answers,

    start(broker) {
      const end = options.begin(errandWithout("a delivery"));
      void broker.deliverNext((due) => choose(options, struck, due)).finally(end);
    },

    async deliver(push) {
      pushes.push(push);
      options.ledger.step();
      const aimed = struck.get(push.messageId);
      struck.delete(push.messageId);
      try {
        const response = await (aimed === undefined ? give(options, push) : disturb(options, push, aimed));
        answers.push(answerOf(response));
        return response;
      } catch (error) {
        answers.push("connection lost");
        throw error;
      }
    },

    async redeliver(nth) {
      const push = pushes[nth];
      if (push === undefined) throw new RangeError(`There was no push ${nth}`);
      return await give(options, push);
    },
  };
}

/** What happens to messages that are being delivered, by their ids. */
type Struck = Map<string, AimedDelivery>;

/** Draws what happens to the push that is due longest; it may be that another one goes before it. */
function choose({ plan, ledger, random }: PostOptions, struck: Struck, due: Due): WaitingMessage {
  const [first, ...others] = due;
  const aimed = plan.atDelivery(plan.count("delivery"), (fault) => fault !== "reorder" || others.length > 0);
  if (aimed === undefined) return first;
  if (aimed.fault !== "reorder") {
    struck.set(first.messageId, aimed);
    return first;
  }
  const { other = Math.floor(random() * others.length) } = aimed;
  ledger.note({ ...aimed, other }, errandOf(first));
  return others[other % others.length] ?? first;
}

type Due = Parameters<Choose>[0];

async function disturb(options: PostOptions, push: MemoryPush, aimed: AimedDelivery): Promise<Response> {
  const errand = errandOf(push);
  if (aimed.fault === "drop") {
    options.ledger.note(aimed, errand);
    throw new Error("Connection lost: the push was dropped");
  }
  const { seconds = lateness(options, aimed) } = aimed;
  options.ledger.note({ ...aimed, seconds }, errand);
  return await (aimed.fault === "duplicate" ? giveTwice : giveLate)(options, push, seconds);
}

/** A second push comes at once, as often as not. */
function lateness({ random }: PostOptions, { fault }: AimedDelivery): number {
  if (fault === "duplicate" && random() < 0.5) return 0;
  return 1 + Math.floor(random() * longestDelay);
}

async function giveTwice(options: PostOptions, push: MemoryPush, seconds: number): Promise<Response> {
  void giveUnheard(options, push, seconds);
  return await give(options, push);
}

async function giveLate(options: PostOptions, push: MemoryPush, seconds: number): Promise<Response> {
  if (seconds <= brokerPatience) {
    await options.sleep(seconds);
    return await give(options, push);
  }
  void giveUnheard(options, push, seconds);
  await options.sleep(brokerPatience);
  throw new Error("Connection lost: no answer came in time");
}

/** Nobody waits for the answer. */
async function giveUnheard(options: PostOptions, push: MemoryPush, seconds: number): Promise<void> {
  const end = options.begin(errandOf(push));
  try {
    if (seconds > 0) await options.sleep(seconds);
    await give(options, push);
  } catch {
    // A lost connection loses nothing here: the broker has the push, or has had its answer.
  } finally {
    end();
  }
}

async function give({ handle }: PostOptions, push: MemoryPush): Promise<Response> {
  return await handle(errandOf(push), new Request(push.url, push));
}

/** A response in short. */
export function answerOf({ status, headers }: Response): Answer {
  const wait = headers.get("retry-after");
  return wait === null ? `${status}` : `${status} after ${wait} s`;
}
