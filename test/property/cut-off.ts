/**
 * Which attempts were cut off on the kit, between their beginning and the storing of their end: those are the ones whose
 * body may begin once more (delivery.md 9).
 *
 * @module
 */

import type { AimedCall, FiredAt, FiredFault } from "umbel/testing";

/** Attempts of a call with so many retries that were cut off. */
export function cutOffIn(fired: readonly FiredFault[], id: string, retries: number): number {
  const absences = absencesIn(fired);
  const cut = fired.filter(
    (each) => each.taskId === id && each.retries === retries && each.running && isCut(each, absences),
  );
  return new Set(cut.map(({ life }) => life)).size;
}

function isCut(fired: FiredFault, absences: readonly Absence[]): boolean {
  if (!("call" in fired)) return false;
  switch (fired.fault) {
    case "crashBefore":
    case "leaseDeath":
      return true;
    case "crashAfter":
      // It died, but its end is stored.
      return fired.call !== "finish";
    case "outage":
      return absences.some(({ from, to }) => from <= fired.at && fired.at < to && to - from > spare);
    case "loseAnswer":
    case "resend":
      return false;
  }
}

/** From when to when the store was away: milliseconds since 1970. */
interface Absence {
  readonly from: number;
  readonly to: number;
}

/** How long a holder that finds the store away waits at most before it asks again: milliseconds. */
const longestPause = 5000;

/**
 * For so long the store may be away without costing anybody a lease: a lease of a minute is renewed when half of it is
 * left, and renewed once the store is asked again.
 */
const spare = 30_000 - longestPause;

/** Times when the store was away; two with so little between them that nobody may have asked are one. */
function absencesIn(fired: readonly FiredFault[]): readonly Absence[] {
  const each = fired.filter(isOutage).map(({ at, seconds = 0 }) => ({ from: at, to: at + seconds * 1000 }));
  const merged: Absence[] = [];
  for (const { from, to } of each.filter((absence) => absence.to > absence.from)) {
    const before = merged.at(-1);
    const isOne = before !== undefined && from <= before.to + longestPause;
    merged.splice(
      isOne ? -1 : merged.length,
      1,
      isOne ? { from: before.from, to: Math.max(before.to, to) } : { from, to },
    );
  }
  return merged;
}

function isOutage(fired: FiredFault): fired is AimedCall & FiredAt {
  return fired.fault === "outage";
}
