/**
 * A canvas across services: each signature in it says where its worker is (delivery.md 23).
 *
 * Whoever sends a callback later, or the next step, knows its own queues only. So the application that sends the canvas,
 * and knows them all, writes each one's queue and address down. What stays within one worker needs neither.
 *
 * @module
 */

import { changeEverything, everythingIn } from "@umbel/canvas";
import type { Signature } from "@umbel/protocol";
import type { CallingApplication } from "./application.ts";
import { checkDestination, destinationOf } from "./destination.ts";

/**
 * The canvas, with queue and target of each call in it where not all of them are for one worker. Throws `QueueNotFound` for a
 * queue that the application has to know, and does not: nobody else would notice.
 */
export function withTargets(app: CallingApplication, canvas: Signature): Signature {
  const { worker, targetOf } = app.broker;
  if (worker !== undefined || targetOf === undefined) return canvas;
  const [first, ...others] = everythingIn(canvas)
    .filter(isCall)
    .map((each) => each.options.target ?? targetOf(destinationOf(app, each).queue));
  if (others.every((each) => each === first)) return canvas;
  return changeEverything(canvas, (each) => {
    const queue = isCall(each) ? checkDestination(app, each).queue : each.options.queue;
    return aimed(each, queue ?? undefined, targetOf);
  });
}

/** What is set on a whole canvas wins over its parts', so that its queue needs its own target. */
function aimed(
  signature: Signature,
  queue: string | undefined,
  targetOf: (queue: string) => string | undefined,
): Signature {
  if (queue === undefined || typeof signature.options.target === "string") return signature;
  const target = targetOf(queue);
  return { ...signature, options: { ...signature.options, queue, ...(target === undefined ? {} : { target }) } };
}

function isCall({ subtask_type: kind }: Signature): boolean {
  return kind !== "chain" && kind !== "group" && kind !== "chord";
}
