/**
 * How often bodies have begun: once where nothing went wrong, and once more for each time that an attempt was cut off
 * between its beginning and the storing of its end (delivery.md 9), unless it was acknowledged before it began (12).
 *
 * @module
 */

import type { Attempts } from "./ends.ts";
import { type CallFate, nameOf } from "./fate.ts";
import type { Places } from "./places.ts";
import type { Beginning } from "./witness.ts";

/** What has begun, and what was cut off. */
export interface Begun {
  readonly beginnings: readonly Beginning[];
  readonly cutOff: (id: string, retries: number) => number;
}

/** Compares what has begun with what was to; every call is in `places`. */
export function checkBeginnings(calls: readonly CallFate[], begun: Begun, places: Places): readonly string[] {
  const byStep = Map.groupBy(begun.beginnings, ({ id, label }) => `${id} ${label}`);
  const wrong = calls.flatMap((fate) => {
    const id = places.get(fate);
    if (id === undefined) return [`${shownCall(fate)} has no id`];
    const key = `${id} ${fate.node.step?.label}`;
    const beginnings = byStep.get(key) ?? [];
    byStep.delete(key);
    const isOnce = fate.node.step?.manner === "early";
    return complaintsOf(fate, beginnings, (retries) => (isOnce ? 0 : begun.cutOff(id, retries)));
  });
  return [...wrong, ...[...byStep.values()].flatMap(unforeseen)];
}

function complaintsOf(
  fate: CallFate,
  beginnings: readonly Beginning[],
  cutOff: (retries: number) => number,
): readonly string[] {
  const strange = beginnings.find(({ given, stamps }) => given !== fate.given || stamps !== fate.stamps);
  if (strange !== undefined) {
    return [`${strange.label}(${strange.given}) ${strange.stamps} has begun in the place of ${shownCall(fate)}`];
  }
  const most = Math.max(-1, ...[...fate.attempts, ...beginnings].map(({ retries }) => retries));
  return Array.from({ length: most + 1 }, (_, retries) => retries).flatMap((retries) => {
    const expected = fate.attempts.find((each) => each.retries === retries) ?? { retries, least: 0, most: 0 };
    const count = beginnings.filter((each) => each.retries === retries).length;
    return countComplaint(expected, count, cutOff(retries)).map((wrong) => `${shownCall(fate)} ${wrong}`);
  });
}

function countComplaint({ retries, least, most }: Attempts, count: number, cutOff: number): readonly string[] {
  if (count >= least && count <= most + cutOff) return [];
  const allowed = `${least} to ${most} times and ${cutOff} were cut off`;
  return [`has begun ${count} times after ${retries} retries, where it may ${allowed}`];
}

function unforeseen(beginnings: readonly Beginning[]): readonly string[] {
  return beginnings.slice(0, 1).map(({ label, given, id }) => `${label}(${given}) (${id}) was not to begin`);
}

function shownCall(fate: CallFate): string {
  return `${nameOf(fate)} (${fate.given ?? "never runs"}) ${fate.stamps}`;
}
