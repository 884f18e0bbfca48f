/**
 * The reference broker: keeps messages in this program's memory and pushes them when it is told to.
 *
 * It has no timers. A test, or a development loop, calls `drain()`; with a clock of its own it passes a day of retries in
 * no time.
 *
 * @module
 */

import type { Broker, BrokerDesk, BrokerTraits, CallerBroker, FailedPush } from "@umbel/protocol";
import { InvalidMessageError, parseJson } from "@umbel/protocol";
import type { Choose, Courier, DeadLetter, Deliver, WaitingMessage } from "./courier.ts";
import { createCourier } from "./courier.ts";
import { memoryDesk } from "./desk.ts";
import { createFlows } from "./flows.ts";
import { heldBack, takeBack } from "./held-back.ts";
import { createIntake } from "./intake.ts";
import { createSigner, type Signer } from "./signature.ts";
import { createSubmissions } from "./submissions.ts";

const name = "memory";

/** Options of {@link memoryBroker}. */
export interface MemoryBrokerOptions {
  /** Milliseconds since 1970; the platform's clock when absent. */
  readonly now?: () => number;
  /** The worker: `(push) => endpoint.fetch(new Request(push.url, push))`. Without it nothing can be delivered. */
  readonly deliver?: Deliver;
  /** Base URL of the worker that serves every queue. */
  readonly url?: string;
  /** Base URLs of other services' workers, that a message may name itself; any other is refused. */
  readonly targets?: readonly string[];
  /** How often a failed delivery is repeated before the message is given up. */
  readonly retries?: number;
  /** Seconds before the next delivery, after so many retries. */
  readonly retryDelay?: (retried: number) => number;
  /** What to claim instead, to see how a program copes with a lesser broker. */
  readonly traits?: Partial<BrokerTraits>;
  /** Signs pushes and knows its own again; with a key that nobody else has when absent. */
  readonly signer?: Signer;
  /** Makes the messages' ids; random ones when absent. */
  readonly newId?: () => string;
}

/** A broker that is driven by hand. */
export interface MemoryBroker extends Broker {
  /** What has not been delivered, in the order in which it came. */
  readonly waiting: readonly WaitingMessage[];
  /** What was given up. */
  readonly deadLetters: readonly DeadLetter[];
  /** What operators ask of it. */
  readonly desk: BrokerDesk;
  /**
   * Delivers the message that is due longest, or the one that is chosen of all that are due; false when none is. Throws
   * `RangeError`, and delivers nothing, when what is chosen is none of those.
   */
  deliverNext(choose?: Choose): Promise<boolean>;
  /**
   * Delivers until nothing can be delivered, what is published meanwhile included; returns the number of pushes. With `jump` until
   * nothing waits: it is called with the instant of the next delivery (milliseconds) and moves the clock there.
   */
  drain(jump?: (instant: number) => void): Promise<number>;
  /** When the next delivery may begin: milliseconds since 1970, `undefined` when one has to end first, or nothing waits. */
  nextDelivery(): number | undefined;
  cancel(ids: readonly string[]): Promise<number>;
}

/** Creates a broker with nothing in it. */
export function memoryBroker(options: MemoryBrokerOptions = {}): MemoryBroker {
  const { now = Date.now, deliver, url = "http://127.0.0.1:8787", retries = 30, retryDelay = backoff } = options;
  const { signer = createSigner(), newId = () => crypto.randomUUID() } = options;
  const traits = { ...everything, retryHorizon: horizonOf(retries, retryDelay), ...options.traits };
  const flows = createFlows(now);
  const courier = createCourier({ now, signer, deliver, retries, retryDelay, flows });
  const { waiting, deadLetters } = courier;
  const submissions = createSubmissions(now);
  const intake = createIntake(waiting, { now, newId, url, targets: options.targets ?? [], traits, flows, submissions });

  return {
    name,
    traits,
    targetOf: () => url,
    waiting,
    deadLetters,
    desk: memoryDesk({ courier, flows, submissions, now, newId }),
    deliverNext: (choose) => courier.deliverNext(choose),
    nextDelivery: () => courier.next(),
    verify: (push) => signer.verify(push),
    openFailure,
    ...heldBack({ waiting, submissions, now }),

    async publish(publications) {
      return intake(publications);
    },

    async drain(jump) {
      return drain(courier, jump);
    },

    async cancel(ids) {
      const cancelled = waiting.filter(({ queue, taskId }) => queue !== undefined && ids.includes(taskId));
      for (const message of cancelled) takeBack({ waiting, submissions }, message);
      return cancelled.length;
    },
  };
}

/** What operators ask of such a broker; undefined for another adapter's. */
export function deskInMemory(broker: CallerBroker): BrokerDesk | undefined {
  return isMemory(broker) ? broker.desk : undefined;
}

function isMemory(broker: CallerBroker): broker is MemoryBroker {
  return broker.name === name && "desk" in broker;
}

const everything: Omit<BrokerTraits, "retryHorizon"> = {
  delay: true,
  deduplication: true,
  priority: false,
  cancel: true,
  flowControl: true,
  maxDelay: Infinity,
  maxMessageSize: 1_000_000,
  maxBatch: 100,
};

/** Ours for every broker: about a day of retries (delivery.md 11). */
function backoff(retried: number): number {
  return Math.min(3600, 5 * 2 ** retried);
}

function horizonOf(retries: number, retryDelay: (retried: number) => number): number {
  return Array.from({ length: retries }, (_, retried) => retryDelay(retried)).reduce((sum, wait) => sum + wait, 0);
}

async function drain(courier: Courier, jump: ((instant: number) => void) | undefined): Promise<number> {
  let pushes = 0;
  for (;;) {
    while (await courier.deliverNext()) pushes += 1;
    const next = courier.next();
    if (next === undefined || !jump) return pushes;
    jump(next);
  }
}

/** Reads what the courier wrote to the failure callback. */
function openFailure(text: string): FailedPush {
  const failure: unknown = parseJson(text);
  if (isFailedPush(failure)) return failure;
  throw new InvalidMessageError("memory: this is no failure callback");
}

function isFailedPush(value: unknown): value is FailedPush {
  if (typeof value !== "object" || value === null) return false;
  return "body" in value && typeof value.body === "string" && "status" in value && typeof value.status === "number";
}
