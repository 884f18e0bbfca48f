/**
 * What a store is told of workers and of what they hold, in the round trips that they make anyway.
 *
 * All of it is for people who watch: nothing that is promised of a task depends on it.
 *
 * @module
 */

import type { EventLetter } from "./event-letter.ts";

/** A worker says that it serves. */
export interface Sighting {
  /** Its name, `worker@shop`: all instances of an endpoint have one. */
  readonly worker: string;
  /** What it says of itself, as JSON (`Announcement`). */
  readonly text: string;
  /** Seconds for which it counts as online. */
  readonly life: number;
  /** Published where it was not online before. */
  readonly online?: EventLetter;
  /** Published where it was. */
  readonly heartbeat?: EventLetter;
}

/** What a claim tells besides. */
export interface ClaimNotes {
  /** Name of the worker that asks. */
  readonly worker: string;
  /** Queue of the message: a worker gets none of one that is paused. */
  readonly queue: string;
  /** Name of the task; how many of each a worker has begun is counted. */
  readonly task: string;
  /** What is shown of the task while it is held, as JSON (`TaskInfo`). */
  readonly about: string;
  /** Published when the answer gives the fence: once, however often the same token asks. */
  readonly received?: readonly EventLetter[];
  /** Published after those when the answer is `run`, and the message was not early. */
  readonly started?: readonly EventLetter[];
  /** Of the same worker. Kept whatever the answer is. */
  readonly sighting?: Sighting;
  /** Revision of the directives that this worker knows; empty for none. A newer one comes with the answer. */
  readonly directives: string;
}
