/**
 * A message as inspection shows it.
 *
 * @module
 */

import { type HeldMessage, reprArgs, reprKwargs, type TaskInfo, type TaskMessage } from "@umbel/protocol";

/** What is known of a message by whoever holds it. */
export interface Whereabouts extends Pick<HeldMessage, "queue"> {
  /** Whether a delivery of it has failed. */
  readonly redelivered: boolean;
}

/** What `reserved` and its like show of it: nobody holds it, so it has no worker and no start. */
export function infoOf({ headers, properties, body }: TaskMessage, { queue, redelivered }: Whereabouts): TaskInfo {
  const { priority = null, requeues } = properties;
  return {
    id: headers.id,
    name: headers.task,
    args: headers.argsrepr ?? reprArgs(body[0]),
    kwargs: headers.kwargsrepr ?? reprKwargs(body[1]),
    type: headers.task,
    hostname: null,
    time_start: null,
    acknowledged: false,
    delivery_info: { exchange: "", routing_key: queue, priority, redelivered: redelivered || (requeues ?? 0) > 0 },
    worker_pid: null,
    retries: headers.retries ?? 0,
    root_id: headers.root_id ?? headers.id,
    parent_id: headers.parent_id ?? null,
  };
}
