/**
 * Lanes: what messages share their limits with.
 *
 * A message is in one lane: its queue, else its flow-control key, else that of its destination's host, which has no
 * limits. A queue has begun a message until it is delivered or failed, its retries and callbacks included; the others
 * only while a delivery is open (qstash.md section 7).
 *
 * @module
 */

import type { Draft } from "./message.ts";

/** A lane and how much of it is used. */
export interface Lane {
  readonly name: string;
  /** Most messages begun at once. */
  readonly parallelism: number | undefined;
  /** Most deliveries begun in each window. */
  readonly rate: number | undefined;
  /** Length of a window, milliseconds. */
  readonly period: number;
  /** Milliseconds since 1970. */
  readonly windowStart: number;
  /** Deliveries begun in the window. */
  readonly windowCount: number;
}

/** Prefix of the name of a queue's lane. */
const queuePrefix = "queue:";

/** The lane that a message waits in. */
export function laneOf(draft: Draft): string {
  if (draft.queue !== undefined) return queueLane(draft.queue);
  return draft.flow === undefined ? `host:${new URL(draft.url).host}` : `flow:${draft.flow.key}`;
}

/** The lane of a queue. */
export function queueLane(queue: string): string {
  return `${queuePrefix}${queue}`;
}

/** Whether a lane is a queue's. */
export function isQueueLane(lane: string): boolean {
  return lane.startsWith(queuePrefix);
}

/** How many more deliveries may begin now (milliseconds since 1970) in a lane with `busy` messages begun. */
export function roomIn(lane: Lane, busy: number, now: number): number {
  return Math.max(0, Math.min((lane.parallelism ?? Infinity) - busy, (lane.rate ?? Infinity) - begunIn(lane, now)));
}

/** Deliveries begun in the window that is open now (milliseconds since 1970). */
export function begunIn(lane: Lane, now: number): number {
  return now < windowEnd(lane) ? lane.windowCount : 0;
}

/** When the rate's window ends: milliseconds since 1970. A window begins with its first delivery. */
export function windowEnd(lane: Lane): number {
  return lane.windowStart + lane.period;
}
