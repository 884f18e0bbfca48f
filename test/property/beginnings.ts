/**
 * How often bodies have begun: once where nothing went wrong, and once more for each time that an attempt was cut off
 * between its beginning and the storing of its end (delivery.md 9).
 *
 * @module
 */

import type { Attempts, CallFate, Fate } from "./oracle.ts";
import type { Beginning, Note } from "./steps.ts";

/** Notes beginnings in a list of this program. */
export function noteIn(beginnings: Beginning[]): Note {
  return (beginning) => {
    const before = beginnings.filter(({ id }) => id === beginning.id).length;
    beginnings.push(beginning);
    return before;
  };
}

/** What has begun, and what was cut off. */
export interface Begun {
  readonly beginnings: readonly Beginning[];
  readonly cutOff: (id: string, retries: number) => number;
}

/** Compares what has begun with what was to; every call is in `places`. */
export function checkBeginnings(
  calls: readonly CallFate[],
  begun: Begun,
  places: ReadonlyMap<Fate, string>,
): readonly string[] {
  const byId = Map.groupBy(begun.beginnings, ({ id }) => id);
  const wrong = calls.flatMap((fate) => {
    const id = places.get(fate);
    if (id === undefined) return [`${shownCall(fate)} has no id`];
    const beginnings = byId.get(id) ?? [];
    byId.delete(id);
    return complaintsOf(fate, beginnings, (retries) => begun.cutOff(id, retries));
  });
  return [...wrong, ...[...byId.values()].flatMap(unforeseen)];
}

function complaintsOf(
  fate: CallFate,
  beginnings: readonly Beginning[],
  cutOff: (retries: number) => number,
): readonly string[] {
  const strange = beginnings.find(({ label, given }) => label !== fate.step?.label || given !== fate.given);
  if (strange !== undefined) return [`${strange.label}(${strange.given}) has begun in the place of ${shownCall(fate)}`];
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

function shownCall({ step, given }: CallFate): string {
  return `${step?.label ?? "celery.accumulate"}(${given ?? "never runs"})`;
}
