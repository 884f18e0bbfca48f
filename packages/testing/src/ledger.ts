/**
 * What happened in a kit: calls, faults, and their order.
 *
 * @module
 */

import type { Errand } from "./errand.ts";
import type { AimedFault, FiredAt, FiredFault, HandFault } from "./fault.ts";
import type { Life } from "./lives.ts";

/** Keeps count. */
export interface Ledger {
  readonly calls: string[];
  readonly fired: FiredFault[];
  readonly steps: () => number;
  /** Counts a call or a push. */
  step(): void;
  /** Notes a fault, and whom it struck. */
  note(fault: AimedFault | HandFault, struck: Errand | Life, more?: Pick<FiredAt, "follows">): void;
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
    note(fault, struck, more) {
      const { task, taskId, retries } = struck;
      const running = "isRunning" in struck && struck.isRunning;
      const life = "number" in struck ? { life: struck.number } : {};
      // One that was fired elsewhere brings where and when that was: all of it is said anew.
      fired.push({ ...fault, task, taskId, retries, at: now(), step: steps, running, ...life, ...more });
    },
  };
}
