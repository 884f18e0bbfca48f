/**
 * An endpoint, as those see it who watch: all isolates that serve it have its name.
 *
 * @module
 */

import { booleanKind, type CallingApplication, checkKind, durationKind, type Kind } from "@umbel/core";
import { type Duration, secondsOf } from "@umbel/protocol";

/** What an endpoint is told of those who watch. */
export interface WatchedOptions {
  /**
   * Whether the endpoint tells of its tasks, as Celery's worker does with `-E`; the setting `workerSendTaskEvents` when not
   * given. What an operator asks for wins.
   */
  readonly taskEvents?: boolean;
  /** How long at least lies between two signs of life; 0: it gives none. Default 30 s. */
  readonly heartbeatInterval?: Duration;
  /**
   * Whether a health check (`GET /`) gives a sign of life as well, when it is time for one: a process that lives on is seen before
   * it has got anything to do then. Default false, for it costs a request of the store.
   */
  readonly announce?: boolean;
  /**
   * The queues that it serves, as Celery's worker with `-Q`; all that is pushed to it when not given. What comes of another queue
   * is put off: the broker comes back, later and later.
   */
  readonly queues?: readonly string[];
}

const namesKind: Kind = [
  (value) => Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === "string" && each !== ""),
  "a list of names",
];

/** One isolate's share of an endpoint. It is written to as the endpoint works. */
export interface Endpoint {
  readonly hostname: string;
  /** Its own option. */
  readonly taskEvents: boolean | undefined;
  /** Seconds between its signs of life; 0: it gives none. */
  readonly interval: number;
  /** Milliseconds since 1970; undefined while it has not served. */
  since: number | undefined;
  /** Where the broker has last reached it. */
  reached: Reached;
  /** The queues that it serves; undefined: all. */
  readonly serves: ReadonlySet<string> | undefined;
  /** Queues of which it has got messages, and of which it has put some off since it does not serve them. */
  readonly queues: Set<string>;
  readonly leftOut: Set<string>;
  /** Attempts that it holds, and that it has ended. */
  active: number;
  processed: number;
}

/** Where an endpoint was reached. */
export interface Reached {
  /** Its base URL, as the broker has it. */
  readonly url?: string;
  /** Where the platform runs it, as the platform calls that. */
  readonly region?: string;
}

/** Opens one that has not served yet. Throws `ImproperlyConfigured` for options that make no sense. */
export function openEndpoint(hostname: string, options: WatchedOptions): Endpoint {
  const { taskEvents, announce, heartbeatInterval = 30, queues } = options;
  for (const [name, value] of Object.entries({ taskEvents, announce }))
    if (value !== undefined) checkKind(name, booleanKind, value);
  checkKind("heartbeatInterval", durationKind, heartbeatInterval);
  if (queues !== undefined) checkKind("queues", namesKind, queues);
  const interval = secondsOf(heartbeatInterval);
  const serves = queues && new Set(queues);
  const begins = { since: undefined, reached: {}, queues: new Set<string>(), leftOut: new Set<string>() };
  return { hostname, taskEvents, interval, serves, ...begins, active: 0, processed: 0 };
}

/**
 * Seconds between its signs, as it says so itself. Celery's monitors wait for two of them; while it is busy the next may come
 * half a lease later than it is due.
 */
export function frequencyOf({ conf }: Pick<CallingApplication, "conf">, { interval }: Endpoint): number {
  return Math.max(interval, (interval + secondsOf(conf.workerLease) / 2) / 2);
}

/** Whether an endpoint sends events of tasks: what an operator asks for, else its own option, else the setting. */
export function sendsTaskEvents(
  { oversight, conf }: Pick<CallingApplication, "oversight" | "conf">,
  { taskEvents }: Endpoint,
): boolean {
  return oversight.directives.taskEvents ?? taskEvents ?? conf.workerSendTaskEvents;
}
