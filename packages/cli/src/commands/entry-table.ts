/**
 * Entries as a table; on a terminal with no room for one, as a few lines each.
 *
 * @module
 */

import type { ScheduleEntry } from "umbel/beat";
import { inUtc, inZone } from "../instant.ts";
import { type Cell, tableOf } from "../table.ts";
import type { Terminal } from "../terminal.ts";

/** What is shown of an entry. */
export type ShownEntry = Pick<
  ScheduleEntry,
  | "name"
  | "kind"
  | "schedule"
  | "timezone"
  | "nextRun"
  | "lastRun"
  | "count"
  | "enabled"
  | "paused"
  | "dropped"
  | "ended"
  | "broken"
>;

/** The lines that show entries, by name; what is broken is told below. A terminal's lines are not longer than it is wide. */
export function entryTable(
  entries: readonly ShownEntry[],
  { paint, width }: Pick<Terminal, "paint" | "width">,
): readonly string[] {
  if (entries.length === 0) return ["There are no entries."];
  const broken = entries.filter((each) => each.broken !== undefined);
  return [
    ...fitting(entries, { paint, width }),
    ...broken.map(({ name, broken: why }) => paint("red", `${name} is broken: ${why}`)),
  ];
}

/** A part of it, under its heading. */
type Column = readonly [heading: string, cell: (entry: ShownEntry) => Cell];

const zoned: Column = [
  "NEXT (ITS ZONE)",
  ({ nextRun, timezone }) => (nextRun === undefined ? timezone : inZone(nextRun, timezone)),
];

const columns: readonly Column[] = [
  ["NAME", ({ name }) => name],
  ["KIND", ({ kind }) => kind],
  ["SCHEDULE", ({ schedule }) => schedule],
  ["NEXT (UTC)", ({ nextRun }) => instantOf(nextRun)],
  zoned,
  ["LAST SENT (UTC)", ({ lastRun }) => instantOf(lastRun)],
  ["SENT", ({ count }) => String(count)],
  ["STATE", stateOf],
];

const withoutZone = columns.filter((each) => each !== zoned);

/** The table; without the column that says nothing new where that makes it fit; else a block of lines for each entry. */
function fitting(entries: readonly ShownEntry[], { paint, width }: Pick<Terminal, "paint" | "width">) {
  const isUtc = entries.every(({ timezone }) => timezone === "UTC");
  const fits = [columns, ...(isUtc ? [withoutZone] : [])].find((each) => widthOf(each, entries) <= width);
  if (fits !== undefined) return linesOf(fits, entries, paint);
  const shown = isUtc ? withoutZone : columns;
  return entries.flatMap((entry, index) => [...(index === 0 ? [] : [""]), ...blockOf(shown, entry, paint)]);
}

function linesOf(shown: readonly Column[], entries: readonly ShownEntry[], paint: Terminal["paint"]) {
  const rows = entries.map((entry) => shown.map(([, cell]) => cell(entry)));
  return tableOf(
    shown.map(([heading]) => heading),
    rows,
    paint,
  );
}

function widthOf(shown: readonly Column[], entries: readonly ShownEntry[]): number {
  return Math.max(...linesOf(shown, entries, (_style, text) => text).map((line) => line.length));
}

function blockOf(shown: readonly Column[], entry: ShownEntry, paint: Terminal["paint"]): readonly string[] {
  return shown.map(([heading, cellOf]) => {
    const cell = cellOf(entry);
    return `${paint("bold", `${heading}:`)} ${typeof cell === "string" ? cell : paint(cell.style, cell.text)}`;
  });
}

function instantOf(instant: Date | undefined): string {
  return instant === undefined ? "-" : inUtc(instant);
}

/** The strongest reason why nothing is sent, if there is one. */
function stateOf({ broken, dropped, ended, paused, enabled }: ShownEntry): Cell {
  if (broken !== undefined) return { text: "broken", style: "red" };
  if (dropped) return { text: "dropped", style: "dim" };
  if (ended) return { text: "ended", style: "dim" };
  if (paused) return { text: "paused", style: "yellow" };
  return enabled ? { text: "active", style: "green" } : { text: "disabled", style: "dim" };
}
