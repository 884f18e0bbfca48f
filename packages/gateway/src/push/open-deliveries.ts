/**
 * How many deliveries are open: by their host, which has a share of the places, and by their lane, which has limits.
 *
 * Only this process delivers, so it need not ask the database.
 *
 * @module
 */

import type { Message } from "./message.ts";

/** Counts of open deliveries. */
export interface OpenDeliveries {
  begin(message: Message): void;
  end(message: Message): void;
  count(): number;
  /** A copy. */
  byHost(): Map<string, number>;
  inLane(lane: string): number;
}

/** Creates the counts; nothing is open. */
export function createOpenDeliveries(): OpenDeliveries {
  const hosts = new Map<string, number>();
  const lanes = new Map<string, number>();
  let count = 0;

  return {
    count: () => count,
    begin(message) {
      count += 1;
      add(hosts, hostOf(message), 1);
      add(lanes, message.lane, 1);
    },
    end(message) {
      count -= 1;
      add(hosts, hostOf(message), -1);
      add(lanes, message.lane, -1);
    },
    byHost: () => new Map(hosts),
    inLane: (lane) => lanes.get(lane) ?? 0,
  };
}

function hostOf({ draft }: Message): string {
  return new URL(draft.url).host;
}

function add(counts: Map<string, number>, name: string, change: number): void {
  const count = (counts.get(name) ?? 0) + change;
  if (count === 0) counts.delete(name);
  else counts.set(name, count);
}
