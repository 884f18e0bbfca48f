/**
 * What can be asked, in Celery's words and with its answers (celery-semantics.md 11.1).
 *
 * @module
 */

import type { TaskInfo } from "@umbel/protocol";
import type { Whom } from "./whom.ts";

/** By node name. A node that is offline answers nothing. */
export type ByNode<Answer> = Readonly<Record<string, Answer>>;

/** Who is asked, and how much of it is wanted. */
export interface InspectOptions extends Whom {
  /** Most tasks in the answer of a listing; all of them when absent. There are pages for who wants many: `control.tasks`. */
  readonly limit?: number;
}

/** A message that is not due yet. */
export interface ScheduledTask {
  /** ISO 8601. */
  readonly eta: string;
  /** What Celery's own timer gives everything. */
  readonly priority: 6;
  readonly request: TaskInfo;
}

/** Where a task stands: held by a worker, accepted by the broker, or neither of them. */
export type QueriedTask = readonly [state: "active" | "reserved" | "ready", info: TaskInfo];

/** A queue that a worker takes messages of. */
export interface ActiveQueue {
  readonly name: string;
  readonly exchange: { readonly name: string; readonly type: "direct" };
  readonly routing_key: string;
  readonly durable: true;
  readonly no_ack: false;
  readonly [field: string]: unknown;
}

/** Numbers of a worker. What a worker without processes has none of is null or empty. */
export interface WorkerStats {
  readonly broker: { readonly transport: string };
  /** A clock that all share, as text. */
  readonly clock: string;
  /** Seconds since it came online. */
  readonly uptime: number;
  readonly pid: number | null;
  readonly pool: { readonly implementation: string; readonly [field: string]: unknown };
  readonly prefetch_count: number;
  readonly rusage: Readonly<Record<string, number>>;
  /** How many it has begun of each task. */
  readonly total: Readonly<Record<string, number>>;
}

/**
 * Questions. They are answered from the store and the broker, so at once, and the same for everybody who asks; no worker is
 * asked. Each throws `BackendUnavailable` or `BrokerUnavailable` when what it needs cannot be reached. What cannot be read
 * is left out, and the log tells how much that was.
 */
export interface Inspect {
  /** Who is online. */
  ping(): Promise<ByNode<{ readonly ok: "pong" }>>;
  /** Tasks that are held under a live lease. */
  active(): Promise<ByNode<readonly TaskInfo[]>>;
  /** Messages that the broker has accepted, that are due, and that no worker holds. Throws `NotSupportedError` without a desk. */
  reserved(): Promise<ByNode<readonly TaskInfo[]>>;
  /** Messages that are not due yet, retries that wait among them. Throws as {@link reserved}. */
  scheduled(): Promise<ByNode<readonly ScheduledTask[]>>;
  /** Ids of tasks that were revoked. All workers go by the same marks. */
  revoked(): Promise<ByNode<readonly string[]>>;
  /** Names of tasks, with those of their options that are asked for: `rate_limit` when nothing is said. */
  registered(...attributes: readonly string[]): Promise<ByNode<readonly string[]>>;
  stats(): Promise<ByNode<WorkerStats>>;
  /** What is known of these tasks; unknown ones are left out. */
  queryTask(ids: string | readonly string[]): Promise<ByNode<Readonly<Record<string, QueriedTask>>>>;
  /** Queues that a worker takes messages of: not those that are paused. */
  activeQueues(): Promise<ByNode<readonly ActiveQueue[]>>;
  /** Settings that differ from the defaults, or all; secrets are hidden. */
  conf(options?: { readonly withDefaults?: boolean }): Promise<ByNode<Readonly<Record<string, unknown>>>>;
  clock(): Promise<ByNode<{ readonly clock: number }>>;
  report(): Promise<ByNode<{ readonly ok: string }>>;
}
