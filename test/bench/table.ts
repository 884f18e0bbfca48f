/**
 * The figures as people read them.
 *
 * @module
 */

import type { Conditions } from "./conditions.ts";
import { type ContenderName, contenderNames } from "./contender.ts";
import type { Line } from "./trial.ts";

const heads: Readonly<Record<ContenderName, string>> = {
  embedded: "Umbel, embedded",
  redis: "Umbel, Redis",
  celery: "Celery",
  bullmq: "BullMQ",
};

/** The title of each figure, a value for each contender, and how many times better than Celery Umbel is. */
export function rowsOf(lines: readonly Line[]): readonly (readonly string[])[] {
  const header = ["figure", "unit", ...contenderNames.map((name) => heads[name]), "to Celery"];
  return [
    header,
    ...lines.map((line) => [
      line.title,
      line.unit,
      ...contenderNames.map((name) => valueOf(line.values[name])),
      ratioOf(line),
    ]),
  ];
}

/** The table for a terminal, with what it was measured on. */
export function tableOf(lines: readonly Line[], conditions: Conditions): string {
  const rows = rowsOf(lines);
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const texts = rows.map((row) =>
    row.map((cell, at) => (at < 2 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join("  "),
  );
  return [...texts, "", ...aboutOf(conditions)].join("\n");
}

/** What it was measured on, line by line. */
export function aboutOf(conditions: Conditions): readonly string[] {
  const { date, cores, processor, memory, load, runs, umbel, celery, bullmq, redis } = conditions;
  return [
    `${date}, ${cores} cores (${processor}), ${Math.round(memory / 2 ** 30)} GiB, load ${load.toFixed(1)} before the bench began; medians of ${runs}, but for what takes minutes or is only counted: that is measured once.`,
    `Umbel: ${umbel}.`,
    `Celery: ${celery}.`,
    `BullMQ: ${bullmq}.`,
    `Redis: ${redis}; one server for all.`,
  ];
}

function valueOf(value: number | undefined): string {
  if (value === undefined) return "";
  const digits = value >= 100 ? 0 : value >= 10 ? 1 : 2;
  return value.toLocaleString("en", { maximumFractionDigits: digits, minimumFractionDigits: value === 0 ? 0 : digits });
}

/** How many times better Umbel is, embedded and on Redis. */
function ratioOf({ values, better }: Line): string {
  const { embedded, redis, celery } = values;
  if (celery === undefined || celery === 0) return "";
  const ratios = [embedded, redis].flatMap((own) => (own ? [better === "more" ? own / celery : celery / own] : []));
  return ratios.map((ratio) => `${Number(ratio.toPrecision(2))}x`).join(" / ");
}
