/**
 * Beat: sends calls on a schedule, when something that keeps time ticks it.
 *
 * @module
 */

export { beat } from "@umbel/beat";
export type { Beat, BeatEntries, BeatEntry, BeatOptions, FailedRun, Interval, SentRun, Tick } from "@umbel/beat";
