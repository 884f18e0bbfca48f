/**
 * A canvas as a graph: its calls, and what follows which.
 *
 * @module
 */

import { isEqual, listOf, nodeOf, print } from "@umbel/canvas";
import type { Signature } from "@umbel/protocol";

/** A call. */
export interface CanvasNode {
  readonly id: string;
  readonly label: string;
}

/** What follows a call when it succeeds, or when it fails. */
export interface CanvasEdge {
  readonly from: string;
  readonly to: string;
  readonly on: "success" | "failure";
}

/** A canvas as a graph. */
export interface CanvasGraph {
  readonly nodes: readonly CanvasNode[];
  readonly edges: readonly CanvasEdge[];
}

/** Longest text of a node, in characters. */
const longestLabel = 60;

/** The graph of a canvas. Throws `InvalidMessageError` when its parts cannot be read. */
export function canvasGraph(canvas: Signature): CanvasGraph {
  const plan: Plan = { nodes: [], edges: [], errbacks: [] };
  add(plan, canvas);
  return plan;
}

interface Plan {
  readonly nodes: CanvasNode[];
  readonly edges: CanvasEdge[];
  /** An errback of a whole canvas is each call's: it is drawn once. */
  readonly errbacks: { readonly signature: Signature; readonly ends: Ends }[];
}

/** The calls that a canvas begins and ends with. */
interface Ends {
  readonly first: readonly string[];
  readonly last: readonly string[];
}

function add(plan: Plan, canvas: Signature): Ends {
  const node = nodeOf(canvas);
  switch (node.kind) {
    case "task":
      return addCall(plan, canvas);
    case "chain":
      return addLine(plan, node.steps);
    case "group":
      return addMembers(plan, node.members);
    case "chord": {
      const header = addMembers(plan, node.header);
      const body = add(plan, node.body);
      connect(plan, header.last, { to: body.first, on: "success" });
      return { first: header.first.length === 0 ? body.first : header.first, last: body.last };
    }
  }
}

function addCall(plan: Plan, call: Signature): Ends {
  const id = `n${plan.nodes.length + 1}`;
  const text = print(call);
  plan.nodes.push({ id, label: text.length > longestLabel ? `${text.slice(0, longestLabel - 3)}...` : text });
  for (const each of listOf(call.options.link)) connect(plan, [id], { to: add(plan, each).first, on: "success" });
  for (const each of listOf(call.options.link_error)) {
    connect(plan, [id], { to: errbackOf(plan, each).first, on: "failure" });
  }
  return { first: [id], last: [id] };
}

function addLine(plan: Plan, steps: readonly Signature[]): Ends {
  const ends = steps.map((each) => add(plan, each));
  for (const [index, { first }] of ends.entries()) {
    connect(plan, ends[index - 1]?.last ?? [], { to: first, on: "success" });
  }
  return { first: ends[0]?.first ?? [], last: ends.at(-1)?.last ?? [] };
}

function addMembers(plan: Plan, members: readonly Signature[]): Ends {
  const ends = members.map((each) => add(plan, each));
  return { first: ends.flatMap(({ first }) => first), last: ends.flatMap(({ last }) => last) };
}

function errbackOf(plan: Plan, signature: Signature): Ends {
  const known = plan.errbacks.find((each) => isEqual(each.signature, signature));
  if (known !== undefined) return known.ends;
  const ends = add(plan, signature);
  plan.errbacks.push({ signature, ends });
  return ends;
}

function connect(
  plan: Plan,
  from: readonly string[],
  { to, on }: { readonly to: readonly string[]; readonly on: CanvasEdge["on"] },
): void {
  for (const each of from) plan.edges.push(...to.map((next) => ({ from: each, to: next, on })));
}
