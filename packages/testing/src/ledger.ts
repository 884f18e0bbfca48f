/**
 * What happened in a kit: calls, faults, and their order.
 *
 * @module
 */

import type { Errand } from "./errand.ts";
import type { AimedCall, AimedDelivery, FiredAt, FiredFault } from "./fault.ts";
import type { Life } from "./lives.ts";

/** Keeps count. */
export interface Ledger {
  readonly calls: string[];
  readonly fired: FiredFault[];
  readonly steps: () => number;
  /** Counts a call or a push. */
  step(): void;
  /** Notes a fault, and whom it struck. */
  note(aimed: AimedCall | AimedDelivery, struck: Errand | Life, more?: Pick<FiredAt, "follows">): void;
}

/** Makes an empty one. */
export function openLedger(now: () => number): Ledger {
  const fired: FiredFault[] = [];
  let steps = 0;
  return {
    calls: [],
    fired,
    steps: () => steps,
    step: () => void (steps += 1),
    note(aimed, struck, more) {
      const { task, taskId } = struck;
      const running = "isRunning" in struck && struck.isRunning;
      const life = "number" in struck ? { life: struck.number } : {};
      fired.push({ ...placeOf(aimed), task, taskId, at: now(), step: steps, running, ...life, ...more });
    },
  };
}

/** A plan may hold faults that were fired elsewhere; only where they are aimed at is taken from them. */
function placeOf(aimed: AimedCall | AimedDelivery): AimedCall | AimedDelivery {
  const { seconds } = aimed;
  const length = seconds === undefined ? {} : { seconds };
  return "call" in aimed
    ? { fault: aimed.fault, call: aimed.call, nth: aimed.nth, ...length }
    : { fault: aimed.fault, delivery: aimed.delivery, ...length };
}
