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

/**
 * What is to be sent in place of a running task. Throws `ImproperlyConfigured` for what cannot replace one, `EncodeError`,
 * and what checking its first calls throws.
 */
export function beginningInPlaceOf(
  app: CallingApplication,
  request: TaskRequest,
  wire: WireSignature | undefined,
): Beginning {
  if (wire === undefined) {
    throw new ImproperlyConfigured(`${request.task} can be replaced by a signature only: write .s() for one of a task`);
  }
  assertJson(wire, wire.task);
  const call = replacedCall(request);
  const canvas = replacement(wire, call, childId);
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
  };
}
