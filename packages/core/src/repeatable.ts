/**
 * Canvases that are sent again and again: nothing in them may be of one time only.
 *
 * @module
 */

import { everythingIn } from "@umbel/canvas";
import { ImproperlyConfigured, type Signature } from "@umbel/protocol";

/**
 * Throws `ImproperlyConfigured` for the first part of a canvas, or linked to it, that has an id or an instant of its own: each
 * time but the first it would be taken for what was sent before, or run at once.
 */
export function refuseOnceOnly(canvas: Signature): void {
  for (const { task, options } of everythingIn(canvas)) {
    const own = Object.keys(onceOnly).find((option) => options[option] !== undefined && options[option] !== null);
    if (own !== undefined)
      throw new ImproperlyConfigured(`${task} has ${onceOnly[own]}: it is to be sent again and again`);
  }
}

/** What is given once only, by its name on the wire. */
const onceOnly: Readonly<Record<string, string>> = { task_id: "a task id", eta: "an eta" };
