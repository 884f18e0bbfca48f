/**
 * From what must follow, as the canvas says it, to effects that can be stored and performed.
 *
 * @module
 */

import type { Consequence, Following } from "@umbel/canvas";
import type { Effect } from "@umbel/protocol";
import type { Application } from "./application.ts";
import { childId } from "./identity.ts";
import { keepsErrors } from "./kept-errors.ts";
import { publicationOf } from "./publication.ts";

/** Makes a message of every call among the consequences. */
export function effectsOf(app: Application, consequences: readonly Consequence[]): readonly Effect[] {
  return consequences.map((each) =>
    each.kind === "call" ? { kind: "send", publication: publicationOf(app, each.call) } : each,
  );
}

/** What the canvas makes consequences with. */
export function followingOf(app: Application): Following {
  return {
    childId,
    now: app.platform.now(),
    keepsErrors: (task) => keepsErrors(app, task),
  };
}
