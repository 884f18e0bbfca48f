/**
 * How a crawl stands, as lines of text.
 *
 * @module
 */

import type { Progress } from "@umbel/app-web/progress";
import type { LiveTable } from "./screen.ts";

const states = ["PENDING", "STARTED", "RETRY", "SUCCESS", "FAILURE"];
/** Most troubles that are shown while a crawl runs. */
const mostTroubles = 6;

/** A row for each task, a column for each state, and below them the pages that make trouble. */
export function tableOf({ tasks, troubles }: Progress): LiveTable {
  const head = line(
    "task",
    states.map((state) => state.toLowerCase()),
  );
  const rows = Object.entries(tasks).map(([task, counts]) =>
    line(
      task,
      states.map((state) => countOf(counts, state)),
    ),
  );
  const shown = troubles.slice(-mostTroubles).map(({ state, error }) => `  ${state.padEnd(8)} ${error}`);
  return { lines: ["", head, ...rows, ...shown], short: shortOf(tasks) };
}

/** A revoked call has failed, for whoever looks on. */
function countOf(counts: Readonly<Record<string, number>>, state: string): string {
  const count = (counts[state] ?? 0) + (state === "FAILURE" ? (counts["REVOKED"] ?? 0) : 0);
  return count === 0 ? "·" : String(count);
}

function line(name: string, cells: readonly string[]): string {
  return `  ${name.padEnd(14)}${cells.map((cell) => cell.padStart(9)).join("")}`;
}

/** `visit 12/14 (1 retry, 1 failure)  extract 11/14 ...`: how many have ended of how many. */
function shortOf(tasks: Progress["tasks"]): string {
  return Object.entries(tasks)
    .map(([task, counts]) => {
      const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
      const success = counts["SUCCESS"] ?? 0;
      const notes = ["RETRY", "FAILURE"].filter((state) => counts[state] !== undefined);
      const noted = notes.map((state) => `${counts[state]} ${state.toLowerCase()}`).join(", ");
      return `${task.replace("demo.", "")} ${success}/${all}${noted === "" ? "" : ` (${noted})`}`;
    })
    .join("  ");
}
