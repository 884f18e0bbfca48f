/**
 * Between the broker and the worker: what comes in, what is answered, and what happens to pushes on their way.
 *
 * @module
 */

import type { MemoryBroker, MemoryPush, WaitingMessage } from "@umbel/memory";
import type { Dice } from "./dice.ts";
import { type Errand, errandOf } from "./errand.ts";
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
export function openPost({ plan, ledger, random, sleep, handle, begin }: PostOptions): Post {
  const pushes: MemoryPush[] = [];
  const answers: Answer[] = [];
  /** What happens to messages that are being delivered, by their ids. */
  const struck = new Map<string, AimedDelivery>();

  return {
    pushes,
    answers,

    start(broker) {
      const end = begin({ task: "a delivery", taskId: "" });
      void broker.deliverNext(choose).finally(end);
    },

    async deliver(push) {
      pushes.push(push);
      ledger.step();
      const aimed = struck.get(push.messageId);
      struck.delete(push.messageId);
      try {
        const response = await (aimed === undefined ? give(push) : disturb(push, aimed));
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
      return await give(push);
    },
  };

  /** Draws what happens to the push that is due longest; it may be that another one goes before it. */
  function choose(due: readonly [WaitingMessage, ...WaitingMessage[]]): WaitingMessage {
    const [first, ...others] = due;
    const aimed = plan.atDelivery(plan.count("delivery"), (fault) => fault !== "reorder" || others.length > 0);
    if (aimed === undefined) return first;
    if (aimed.fault !== "reorder") {
      struck.set(first.messageId, aimed);
      return first;
    }
    ledger.note(aimed, errandOf(first));
    return others[Math.floor(random() * others.length)] ?? first;
  }

  async function disturb(push: MemoryPush, aimed: AimedDelivery): Promise<Response> {
    const errand = errandOf(push);
    if (aimed.fault === "drop") {
      ledger.note(aimed, errand);
      throw new Error("Connection lost: the push was dropped");
    }
    const { seconds = lateness(aimed) } = aimed;
    ledger.note({ ...aimed, seconds }, errand);
    return aimed.fault === "duplicate" ? await twice(push, seconds) : await late(push, seconds);
  }

  /** A second push comes at once, as often as not. */
  function lateness({ fault }: AimedDelivery): number {
    if (fault === "duplicate" && random() < 0.5) return 0;
    return 1 + Math.floor(random() * longestDelay);
  }

  async function twice(push: MemoryPush, seconds: number): Promise<Response> {
    void giveLater(push, seconds);
    return await give(push);
  }

  async function late(push: MemoryPush, seconds: number): Promise<Response> {
    if (seconds > brokerPatience) {
      void giveLater(push, seconds);
      await sleep(brokerPatience);
      throw new Error("Connection lost: no answer came in time");
    }
    await sleep(seconds);
    return await give(push);
  }

  /** Nobody waits for the answer. */
  async function giveLater(push: MemoryPush, seconds: number): Promise<void> {
    const end = begin(errandOf(push));
    try {
      if (seconds > 0) await sleep(seconds);
      await give(push);
    } catch {
      // A lost connection loses nothing here: the broker has the push, or has had its answer.
    } finally {
      end();
    }
  }

  async function give(push: MemoryPush): Promise<Response> {
    return await handle(errandOf(push), new Request(push.url, push));
  }
}

/** A response in short. */
export function answerOf({ status, headers }: Response): Answer {
  const wait = headers.get("retry-after");
  return wait === null ? `${status}` : `${status} after ${wait} s`;
}
