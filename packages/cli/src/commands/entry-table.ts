/**
 * Entries as a table.
 *
 * @module
 */

import type { ScheduleEntry } from "umbel/beat";
import { inUtc, inZone } from "../instant.ts";
import { type Cell, tableOf } from "../table.ts";
import type { Terminal } from "../terminal.ts";

const headings = ["NAME", "KIND", "SCHEDULE", "NEXT (UTC)", "NEXT (ITS ZONE)", "LAST RUN (UTC)", "RUNS", "STATE"];

/** The lines of a table, by name; what is broken is told below it. */
export function entryTable(entries: readonly ScheduleEntry[], paint: Terminal["paint"]): readonly string[] {
  if (entries.length === 0) return ["There are no entries."];
  const broken = entries.filter((each) => each.broken !== undefined);
  return [
    ...tableOf(headings, entries.map(rowOf), paint),
    ...broken.map(({ name, broken: why }) => paint("red", `${name} is broken: ${why}`)),
  ];
}

function rowOf(entry: ScheduleEntry): readonly Cell[] {
  const { name, kind, schedule, timezone, nextRun, lastRun, count } = entry;
  const next = nextRun === undefined ? ["-", timezone] : [inUtc(nextRun), inZone(nextRun, timezone)];
  return [name, kind, schedule, ...next, lastRun === undefined ? "-" : inUtc(lastRun), String(count), stateOf(entry)];
}

/** The strongest reason why nothing is sent, if there is one. */
function stateOf({ broken, dropped, paused, enabled }: ScheduleEntry): Cell {
  if (broken !== undefined) return { text: "broken", style: "red" };
  if (dropped) return { text: "dropped", style: "dim" };
  if (paused) return { text: "paused", style: "yellow" };
  return enabled ? { text: "active", style: "green" } : { text: "disabled", style: "dim" };
}
