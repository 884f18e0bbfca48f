/**
 * Ids: made once for a root, derived for everything that follows from it.
 *
 * A derived id is the same whenever it is derived again, by whichever process: that is what lets every message be sent
 * twice (delivery.md 2).
 *
 * @module
 */

import { v5, v7 } from "uuid";

/** Namespace of our derived ids; any constant would do, as long as it never changes. */
const namespace = "6f0d3c1e-8a52-5b7e-9c44-2d1b7e0a9f35";

/** A new id for the root of a canvas: a UUID of version 7, so that ids sort by time. */
export function newId(): string {
  return v7();
}

/** As {@link newId}, from a clock in milliseconds and dice that are given: the same from both is the same id. */
export function drawId(now: () => number, random: () => number): string {
  return v7({ msecs: now(), random: Uint8Array.from({ length: 16 }, () => Math.floor(random() * 256)) });
}

/** Id of what `parent` is known to start under `name`. */
export function childId(parent: string, name: string): string {
  return v5(`${parent}\n${name}`, namespace);
}
