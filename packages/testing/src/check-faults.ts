/**
 * Refuses faults that cannot happen as they are written.
 *
 * @module
 */

import { checkNames } from "@umbel/core";
import { fieldOf } from "./errand.ts";
import { type AimedFault, callFaults, deliveryFaults, type Faults, type HandFault } from "./fault.ts";
import { isAimed } from "./plan.ts";
import { portCalls } from "./port-method.ts";
import { amount, anything, checkRules, count, oneOf, probability, type Rule } from "./rules.ts";

/** Names of all faults that can be asked for. */
export const faultNames: readonly string[] = [...deliveryFaults, ...callFaults];

/** Throws `ImproperlyConfigured` for a fault or a call that there is not, for a chance that is none, for an aim that is none. */
export function checkFaults(faults: Faults): void {
  if (isAimed(faults)) for (const each of faults) checkAimed(each);
  else checkRules(faults, chances, "fault");
}

const chances = Object.fromEntries(faultNames.map((name) => [name, probability]));

function checkAimed(aimed: AimedFault | HandFault): void {
  const fault = String(fieldOf(aimed, "fault"));
  if (byHand.includes(fault)) return;
  checkNames({ [fault]: true }, faultNames, "fault");
  const isOfDelivery = deliveryFaults.some((name) => name === fault);
  checkRules(aimed, isOfDelivery ? ofDelivery : ofCall, `part of the fault ${fault}`);
}

const byHand: readonly string[] = ["crash", "before", "after"] satisfies readonly HandFault["fault"][];

/** What a fault that fired elsewhere brings with it. */
const brought = ["fault", "taskId", "task", "retries", "at", "step", "running", "life", "follows"];
const common: Readonly<Record<string, Rule>> = {
  ...Object.fromEntries(brought.map((name) => [name, anything])),
  seconds: amount,
};
const ofDelivery = { ...common, delivery: { ...count, isRequired: true }, other: count } as const;
const ofCall = {
  ...common,
  call: { ...oneOf(portCalls), isRequired: true },
  nth: { ...count, isRequired: true },
} as const;
