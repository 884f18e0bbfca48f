/**
 * What a Celery cluster is doing, as its events tell it.
 *
 * @module
 */

export { LamportClock } from "./lamport-clock.ts";
