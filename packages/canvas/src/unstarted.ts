/**
 * Ends a canvas of which nothing will ever start: its errbacks are told, and whoever waits for any of it.
 *
 * @module
 */

import type { Signature } from "@umbel/protocol";
import { abandon, type AbandonOptions } from "./abandon.ts";
import { accumulateName } from "./accumulate.ts";
import { taskIdOf } from "./call.ts";
import type { Cause } from "./cause.ts";
import type { Consequence } from "./consequence.ts";
import { errbackCalls, failedCall } from "./errback.ts";
import { nodeOf } from "./node.ts";
import { listOf, union } from "./signature.ts";

/** A frozen canvas ends for a reason of others. Its errbacks are told once, in the name of the call that it would have started with. */
export function failUnstarted(canvas: Signature, cause: Cause, options: AbandonOptions): readonly Consequence[] {
  const ends = abandon(canvas, cause, options);
  const lead = leadOf(canvas);
  if (lead === undefined) return ends;
  const { task, args, kwargs } = lead;
  const call = { id: taskIdOf(lead), task, args, kwargs, retries: 0, rootId: options.root };
  return [...errbackCalls(listOf(lead.options.link_error), failedCall(call, cause), options), ...ends];
}

/**
 * The call that stands for a canvas: the first, in a group with the errbacks of all, in a chord the body. What only makes
 * one value of a group's list was added by us: the group stands for itself, with the errbacks of a task that it replaces.
 */
function leadOf(signature: Signature): Signature | undefined {
  const node = nodeOf(signature);
  switch (node.kind) {
    case "task":
      return signature;
    case "chain":
      return node.steps.slice(0, 1).map(leadOf).at(0);
    case "group":
      return leadOfAll(node.members);
    case "chord":
      return node.body.task === accumulateName ? leadOfAll([...node.header, node.body]) : leadOf(node.body);
  }
}

function leadOfAll(members: readonly Signature[]): Signature | undefined {
  return members.map(leadOf).reduce(withErrbacksOf, undefined);
}

function withErrbacksOf(lead: Signature | undefined, other: Signature | undefined): Signature | undefined {
  if (lead === undefined || other === undefined) return lead ?? other;
  const errbacks = union(lead.options.link_error, other.options.link_error);
  return { ...lead, options: { ...lead.options, link_error: errbacks } };
}
