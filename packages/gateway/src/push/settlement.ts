/**
 * Records how a delivery ended, and what follows from it, as one step. To be called inside `Database.write`.
 *
 * @module
 */

import { callbacksOf } from "./callback.ts";
import type { Answer, Message } from "./message.ts";
import type { MessageStore } from "./message-store.ts";
import { outcomeOf } from "./outcome.ts";

/** How it ended, for the log. `wait` is in seconds. */
export type Settlement =
  | { readonly kind: "delivered" }
  | { readonly kind: "retry"; readonly wait: number }
  | { readonly kind: "failed"; readonly deadLetterId: string }
  /** It was cancelled meanwhile, and this delivery did not succeed. */
  | { readonly kind: "cancelled" };

/** Moves the message on and submits its callbacks; `now` is in milliseconds since 1970. */
export function settle(
  store: MessageStore,
  { message, answer }: { message: Message; answer: Answer },
  now: number,
): Settlement {
  const settlement = move(store, { message, answer }, now);
  store.ended(message);
  if (settlement.kind === "cancelled") return settlement;

  const deadLetterId = settlement.kind === "failed" ? settlement.deadLetterId : undefined;
  for (const callback of callbacksOf({ message, answer, deadLetterId })) store.accept(callback, now);
  return settlement;
}

function move(store: MessageStore, { message, answer }: { message: Message; answer: Answer }, now: number): Settlement {
  const outcome = outcomeOf(message, answer, now);
  switch (outcome.kind) {
    case "delivered":
      store.delivered(message);
      return outcome;
    case "retry":
      return store.retrying(message.id, Math.round(now + outcome.wait * 1000), answer)
        ? outcome
        : cancel(store, message);
    case "failed": {
      const deadLetterId = store.failed(message.id, answer, now);
      return deadLetterId === undefined ? cancel(store, message) : { kind: "failed", deadLetterId };
    }
  }
}

function cancel(store: MessageStore, message: Message): Settlement {
  store.cancelled(message.id);
  return { kind: "cancelled" };
}
