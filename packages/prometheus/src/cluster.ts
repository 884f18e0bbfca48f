/**
 * What numbers are made of: as much of a model of the cluster as they need. `State` of `umbel/events` is one.
 *
 * @module
 */

/** A task, as its events have told of it. Null where none has. */
export interface KnownTask {
  readonly name: string | null;
  readonly worker: { readonly hostname: string } | null;
  /** Its queue. */
  readonly routingKey: string | null;
  /** Unix seconds. */
  readonly sent: number | null;
  /** ISO 8601. */
  readonly eta: string | null;
}

/** A worker. */
export interface KnownWorker {
  readonly hostname: string;
  readonly alive: boolean;
  /** Tasks that it runs. */
  readonly active: number | null;
}

/** A model that events are folded into. */
export interface Cluster {
  readonly tasks: Pick<ReadonlyMap<string, KnownTask>, "get">;
  readonly workers: Pick<ReadonlyMap<string, KnownWorker>, "values">;
}
