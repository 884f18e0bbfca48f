/**
 * What a call has led to, as a graph: data for whoever draws it.
 *
 * @module
 */

import { iterdeps, type SearchOptions } from "./dependencies.ts";
import type { ResultHandle } from "./result-handle.ts";

/** A call, or a group. */
export interface GraphNode {
  readonly id: string;
  readonly kind: "task" | "group";
  /** Of a call. */
  readonly state?: string;
  /** The task's, where results are extended. */
  readonly name?: string;
}

/** Calls and groups, and which led to which. */
export interface ResultGraph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly (readonly [from: string, to: string])[];
}

/** The graph of a call and of all that it has led to. Throws `IncompleteStream` as `iterdeps` does. */
export async function graph(result: ResultHandle, options: SearchOptions = {}): Promise<ResultGraph> {
  const nodes: GraphNode[] = [];
  const edges: (readonly [string, string])[] = [];
  for await (const { parent, result: each, meta } of iterdeps(result, options)) {
    const { status: state = "PENDING", name } = meta ?? {};
    const task = { state, ...(typeof name === "string" ? { name } : {}) };
    nodes.push(each.results === undefined ? { id: each.id, kind: "task", ...task } : { id: each.id, kind: "group" });
    if (parent !== null) edges.push([parent.id, each.id]);
  }
  return { nodes, edges };
}
