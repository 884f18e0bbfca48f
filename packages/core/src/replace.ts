/**
 * Makes ready what replaces a running task. Only a worker needs it.
 *
 * @module
 */

import { expand, replacement, replacementBase, type ReplacedCall } from "@umbel/canvas";
import { assertJson, attemptNumber, ImproperlyConfigured, type Signature as WireSignature } from "@umbel/protocol";
import type { CallingApplication } from "./application.ts";
import { childId } from "./identity.ts";
import { checkCall } from "./publication.ts";
import type { TaskRequest } from "./request.ts";
import { type Beginning, beginningOf } from "./start.ts";
import { withTargets } from "./targets.ts";

/** What takes a task's place. */
export interface Replacing {
  /** Absent from what is no signature. */
  readonly wire: WireSignature | undefined;
  /** Ids of members that the task has added to its chord. */
  readonly adds: readonly string[];
}

/**
 * What is to be sent in place of a running task. Throws `ImproperlyConfigured` for what cannot replace one, `EncodeError`,
 * and what checking its first calls throws.
 */
export function beginningInPlaceOf(
  app: CallingApplication,
  request: TaskRequest,
  { wire, adds }: Replacing,
): Beginning {
  if (wire === undefined) {
    throw new ImproperlyConfigured(`${request.task} can be replaced by a signature only: write .s() for one of a task`);
  }
  assertJson(wire, wire.task);
  const call = { ...replacedCall(request), adds };
  const canvas = withTargets(app, replacement(wire, call, childId));
  const calls = expand(canvas);
  for (const each of calls) checkCall(app, each);
  return beginningOf(app, { canvas, calls, key: replacementBase(call, childId) });
}

function replacedCall(request: TaskRequest): ReplacedCall {
  const { id, rootId, parentId, group, groupIndex, callbacks, errbacks, chain, chord } = request;
  return {
    id,
    root: rootId,
    parent: parentId,
    group,
    index: groupIndex,
    embed: { callbacks, errbacks, chain, chord },
    attempt: attemptNumber({ headers: request, properties: request.properties }),
    nesting: request.replacedTaskNesting,
    added: request.properties.added_at,
  };
}
