/**
 * How it stands, without reading any task.
 *
 * @module
 */

import type { StoreCounts } from "@umbel/protocol";
import type { Desk } from "./desk.ts";
import { directivesOf } from "./change.ts";
import { type Node, nodeOf } from "./nodes.ts";
import { readEach } from "./unread.ts";

/** A worker that is online, in a line. */
export interface NodeStatus {
  readonly node: string;
  readonly app: string;
  readonly runtime: string;
  readonly version: string;
  readonly region: string | null;
  readonly queues: readonly string[];
  readonly taskEvents: boolean;
  /** Whether it begins no message any more. */
  readonly drained: boolean;
  /** How many tasks it has begun since it came online. */
  readonly processed: number;
  /** Unix seconds. */
  readonly since: number;
}

/** How it stands. */
export interface Status extends Pick<StoreCounts, "active" | "revoked" | "events"> {
  readonly nodes: readonly NodeStatus[];
  /** Queues of which nothing is begun. */
  readonly paused: readonly string[];
  /** Workers that begin nothing, be they online or not. */
  readonly drained: readonly string[];
  /** Workers that say of themselves what cannot be read. */
  readonly unread: number;
}

/** Asks the store, in three requests at once. Throws `BackendUnavailable`. */
export async function statusOf(desk: Desk): Promise<Status> {
  const store = desk.store();
  const [seen, counts, directives] = await Promise.all([store.workers(), store.counts(), directivesOf(desk)]);
  const { items, unread } = await readEach(seen, nodeOf);
  const { paused = [], drained = [], taskEvents } = directives;
  const nodes = items.map((node) => lineOf(node, { isDrained: drained.includes(node.name), taskEvents }));
  const { active, revoked, events } = counts;
  return {
    nodes: nodes.toSorted((one, other) => (one.node < other.node ? -1 : 1)),
    active,
    revoked,
    events,
    paused,
    drained,
    unread,
  };
}

function lineOf(
  { name, announced, totals }: Node,
  { isDrained, taskEvents }: { readonly isDrained: boolean; readonly taskEvents: boolean | undefined },
): NodeStatus {
  const { app, runtime, version, region = null, queues, since } = announced;
  const processed = Object.values(totals).reduce((sum, each) => sum + each, 0);
  return {
    node: name,
    app,
    runtime,
    version,
    region,
    queues,
    taskEvents: taskEvents ?? announced.taskEvents,
    drained: isDrained,
    processed,
    since,
  };
}
