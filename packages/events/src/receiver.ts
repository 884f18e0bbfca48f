/**
 * Receives events, and folds them into a model of the cluster.
 *
 * @module
 */

import { ImproperlyConfigured } from "@umbel/protocol";
import type { Beginning } from "./feed.ts";
import { Intake } from "./intake.ts";
import { type EventsApplication, fromNowOn, listen, type Listener } from "./listen.ts";
import { monitorOf } from "./monitor-beside.ts";
import {
  checkEventsOptions,
  checkHandlers,
  checkReceiveOptions,
  type EventsOptions,
  instantOf,
  type ReceiveOptions,
} from "./receive-options.ts";
import type { Handlers, ReceivedEvent } from "./received-event.ts";
import { State } from "./state.ts";

/** Options of {@link Receiver.capture}. */
export interface CaptureOptions<Type extends string> extends ReceiveOptions {
  /** By type; `*` for the types that have none. Without any only the state is kept. */
  readonly handlers?: Handlers<Type>;
}

/** How many events there were. */
export interface Captured {
  readonly received: number;
  /** Those that made no sense. They were left out. */
  readonly malformed: number;
}

/** Receives events: one thing at a time. */
export interface Receiver extends Captured, AsyncIterable<ReceivedEvent> {
  /** The cluster, as its events tell it. It knows of an event before the event's handler does. */
  readonly state: State;
  /**
   * Calls a handler with each event, one after the other, until an option ends it, and says how many there were. Throws what
   * a handler throws, as Celery does; `BackendUnavailable` when the store cannot be reached at the beginning;
   * `ImproperlyConfigured` for an option that makes no sense.
   */
  capture<const Type extends string>(options?: CaptureOptions<Type>): Promise<Captured>;
  /** The same as something to loop over. */
  iterate(options?: ReceiveOptions): AsyncGenerator<ReceivedEvent, void>;
}

/**
 * Makes a receiver of the events that come by beside an application's backend: of its tasks and workers, and of all others on that
 * store, Celery's too. Throws `ImproperlyConfigured` for an option that makes no sense.
 */
export function events(app: EventsApplication, options: EventsOptions = {}): Receiver {
  checkEventsOptions(options);
  const { now = app.platform.now } = options;
  const intake = new Intake(options.state ?? new State({ now }));
  const receiving = once((which: ReceiveOptions) =>
    receive({ app, store: monitorOf(app, options), now }, which, intake),
  );

  return {
    state: intake.state,
    get received() {
      return intake.received;
    },
    get malformed() {
      return intake.malformed;
    },

    async capture({ handlers = {}, ...which } = {}) {
      checkHandlers(handlers);
      checkReceiveOptions(which, "capture()");
      const { received, malformed } = intake;
      for await (const event of receiving(which)) await handle(handlers, event);
      return { received: intake.received - received, malformed: intake.malformed - malformed };
    },

    iterate(which = {}) {
      checkReceiveOptions(which, "iterate()");
      return receiving(which);
    },

    [Symbol.asyncIterator]: () => receiving({}),
  };
}

/** One at a time: two would count each event twice. */
function once<Options, Item>(
  open: (options: Options) => AsyncGenerator<Item, void>,
): (options: Options) => AsyncGenerator<Item, void> {
  let isOpen = false;
  return async function* opened(options) {
    if (isOpen) throw new ImproperlyConfigured("This receiver receives already: make another one, events(app)");
    isOpen = true;
    try {
      yield* open(options);
    } finally {
      isOpen = false;
    }
  };
}

async function* receive(
  listener: Listener,
  { limit = Infinity, since, ...which }: ReceiveOptions,
  intake: Intake,
): AsyncGenerator<ReceivedEvent, void> {
  let left = limit;
  for await (const { text, at } of listen(listener, which, await beginningOf(listener, since))) {
    for await (const event of intake.open(text, at)) {
      yield event;
      left -= 1;
      if (left === 0) return;
    }
  }
}

async function beginningOf({ store, now }: Listener, since: ReceiveOptions["since"]): Promise<Beginning> {
  return since === undefined ? await fromNowOn(store) : { since: instantOf(since, now()) };
}

async function handle(handlers: object, event: ReceivedEvent): Promise<void> {
  const name = Object.hasOwn(handlers, event.type) ? event.type : "*";
  const handler: unknown = Object.hasOwn(handlers, name) ? Reflect.get(handlers, name) : undefined;
  if (takesEvents(handler)) await handler(event);
}

/** Sound: a handler stands under the type of its events, or under the one that takes any. */
function takesEvents(handler: unknown): handler is (event: ReceivedEvent) => unknown {
  return typeof handler === "function";
}
