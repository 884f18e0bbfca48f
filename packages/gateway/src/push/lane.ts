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

/** The window in which deliveries are counted for a rate. */
export interface Window {
  /** Length of a window, milliseconds. */
  readonly period: number;
  /** Milliseconds since 1970. */
  readonly windowStart: number;
  /** Deliveries begun in the window. */
  readonly windowCount: number;
}

/** A lane and how much of it is used. */
export interface Lane extends Window {
  readonly name: string;
  /** Most messages begun at once. */
  readonly parallelism: number | undefined;
  /** Most deliveries begun in each window. */
  readonly rate: number | undefined;
}

/** Prefixes of names: of a queue's lane, of a flow-control key's, of a host's. */
const [queuePrefix, flowPrefix, hostPrefix] = ["queue:", "flow:", "host:"];

/** The lane that a message waits in. */
export function laneOf(draft: Draft): string {
  if (draft.queue !== undefined) return queueLane(draft.queue);
  return draft.flow === undefined ? `${hostPrefix}${new URL(draft.url).host}` : flowLane(draft.flow.key);
}

/** The lane of a queue. */
export function queueLane(queue: string): string {
  return `${queuePrefix}${queue}`;
}

/** The lane of a flow-control key. */
export function flowLane(key: string): string {
  return `${flowPrefix}${key}`;
}

/** Whether a lane has no limits: it is that of a host. */
export function isFreeLane(lane: string): boolean {
  return lane.startsWith(hostPrefix);
}

/** The host whose lane it is; undefined for a lane that has limits. */
export function freeHost(lane: string): string | undefined {
  return isFreeLane(lane) ? lane.slice(hostPrefix.length) : undefined;
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
export function begunIn(lane: Window, now: number): number {
  return now < windowEnd(lane) ? lane.windowCount : 0;
}

/** When the rate's window ends: milliseconds since 1970. A window begins with its first delivery. */
export function windowEnd(lane: Pick<Window, "period" | "windowStart">): number {
  return lane.windowStart + lane.period;
}
