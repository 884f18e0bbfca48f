/**
 * Events as a receiver hands them on.
 *
 * @module
 */

import type { CustomEvent, EventBody, KnownEvent } from "@umbel/protocol";

/** What a receiver adds, in Celery's words. */
export interface Receipt {
  /** When it came, in Unix seconds: by our clock, or by the store's for an event of the past. */
  readonly local_received: number;
  /** Its Lamport clock; the receiver's where its sender keeps none. */
  readonly clock: number;
}

/** An event as a receiver hands it on. */
export type ReceivedEvent = EventBody & Receipt;

/** The event of a type, or any under `*`. */
export type EventOf<Type extends string> = Type extends "*"
  ? ReceivedEvent
  : (Type extends KnownEvent["type"] ? Of<KnownEvent, Type> : CustomEvent) & Receipt & { readonly type: Type };

type Of<Event extends KnownEvent, Type> = Event extends unknown ? (Type extends Event["type"] ? Event : never) : never;

/** What is called with each event: that of its type, else the one under `*`. */
export type Handlers<Type extends string = string> = {
  readonly [Each in Type]: (event: EventOf<Each>) => void | Promise<void>;
};
