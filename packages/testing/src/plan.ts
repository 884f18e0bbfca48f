/**
 * Decides what goes wrong where: by chance, or as it was aimed.
 *
 * @module
 */

import type { Dice } from "./dice.ts";
import {
  type AimedCall,
  type AimedDelivery,
  type AimedFault,
  type CallFault,
  callFaults,
  type Chances,
  type DeliveryFault,
  deliveryFaults,
  type FaultName,
  type Faults,
  type HandFault,
} from "./fault.ts";
import type { PortCall } from "./port-method.ts";

/** Tells what goes wrong at a place, of what can. */
export interface Plan {
  faults: Faults;
  /** How many places of this kind there were before this one. */
  count(place: Place): number;
  atCall(call: PortCall, nth: number, can: (fault: CallFault) => boolean): AimedCall | undefined;
  atDelivery(nth: number, can: (fault: DeliveryFault) => boolean): AimedDelivery | undefined;
}

type Place = PortCall | "delivery";

/** Makes a plan of such faults; chance comes from the dice. */
export function planOf(faults: Faults, random: Dice): Plan {
  const counts = new Map<Place, number>();
  const plan: Plan = {
    faults,
    count(place) {
      const nth = counts.get(place) ?? 0;
      counts.set(place, nth + 1);
      return nth;
    },
    atCall(call, nth, can) {
      if (isAimed(plan.faults)) {
        return plan.faults.filter(isOfCall).find((each) => each.call === call && each.nth === nth && can(each.fault));
      }
      const fault = drawn(callFaults, plan.faults, can);
      return fault && { fault, call, nth };
    },
    atDelivery(nth, can) {
      if (isAimed(plan.faults)) {
        return plan.faults.filter(isOfDelivery).find((each) => each.delivery === nth && can(each.fault));
      }
      const fault = drawn(deliveryFaults, plan.faults, can);
      return fault && { fault, delivery: nth };
    },
  };
  return plan;

  /** The first that happens. The dice are thrown for each, so that one does not change how another falls. */
  function drawn<Fault extends FaultName>(
    names: readonly Fault[],
    chances: Chances,
    can: (fault: Fault) => boolean,
  ): Fault | undefined {
    return names.filter((each) => random() < (chances[each] ?? 0)).find(can);
  }
}

/** Whether faults are a list of what goes wrong where. */
export function isAimed(faults: Faults): faults is readonly (AimedFault | HandFault)[] {
  return Array.isArray(faults);
}

/** What only followed from another fault follows again by itself. */
function isOfCall(aimed: AimedFault | HandFault): aimed is AimedCall {
  return "call" in aimed && !("follows" in aimed);
}

function isOfDelivery(aimed: AimedFault | HandFault): aimed is AimedDelivery {
  return "delivery" in aimed;
}
