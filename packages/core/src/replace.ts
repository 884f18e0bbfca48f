/**
 * Makes ready what replaces a running task. Only a worker needs it.
 *
 * @module
 */

import {
  clone,
  expand,
  refuseSharedIds,
  replacement,
  replacementBase,
  type ReplacedCall,
  signature,
} from "@umbel/canvas";
import {
  assertJson,
  attemptNumber,
  ImproperlyConfigured,
  type Signature as WireSignature,
  type TaskEmbed,
} from "@umbel/protocol";
import type { CallingApplication } from "./application.ts";
import { childId } from "./identity.ts";
import { keepsErrors } from "./kept-errors.ts";
import { checkLaterSteps } from "./later-steps.ts";
import { refuseUncounted } from "./no-backend.ts";
import { checkCall } from "./publication.ts";
import type { TaskRequest } from "./request.ts";
import { type Beginning, startName, storedName, textToStore } from "./start.ts";
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
 * `NotSupportedError` for a chord where nobody counts its members, and what checking its first calls throws.
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
  const call = { ...replacedCall(app, request), adds };
  checkByItself(app, replacement(wire, { ...call, embed: unfollowed }, childId));
  const canvas = withTargets(app, replacement(wire, call, childId));
  refuseUncounted(app, canvas);
  const calls = expand(canvas);
  for (const each of calls) checkCall(app, each);
  const text = textToStore(app, atLast(canvas, call), calls);
  return text === undefined ? { calls } : startedInPlaceOf(call, text);
}

/** What followed the task was looked at by whoever sent that, and is to be told whatever this application makes of it. */
function checkByItself(app: CallingApplication, canvas: WireSignature): void {
  refuseSharedIds(canvas);
  checkLaterSteps(app, expand(canvas));
}

const unfollowed: TaskEmbed = { callbacks: null, errbacks: null, chain: null, chord: null };

/**
 * What is too much for one call is started by one that takes the task's place itself, for as long as that takes: if it
 * fails, all that was to follow the task is told.
 */
function startedInPlaceOf(call: ReplacedCall, text: string): Beginning {
  const key = replacementBase(call, childId);
  const starter = replacement(signature(startName, { args: [key, true] }), call, childId);
  return { calls: expand(starter), stored: { name: storedName(key), text } };
}

/** The same, coming after all attempts of the call that starts it: that may be retried for long. */
function atLast(canvas: WireSignature, { attempt }: ReplacedCall): WireSignature {
  return clone(canvas, { options: { attempts_before: attempt + roomForRetries } });
}

/** More than any call is retried. */
const roomForRetries = 1_000_000;

function replacedCall(app: CallingApplication, request: TaskRequest): ReplacedCall {
  const { id, rootId, parentId, group, groupIndex, callbacks, errbacks, chain, chord, ignoreResult, task, stamps } =
    request;
  return {
    // Where only errors are kept somebody waits for the end, which what replaces the task might not keep.
    isIgnored: ignoreResult && !keepsErrors(app, task),
    isUncounted: !app.hasBackend,
    id,
    root: rootId,
    parent: parentId,
    group,
    index: groupIndex,
    embed: { callbacks, errbacks, chain, chord },
    stamps,
    attempt: attemptNumber({ headers: request, properties: request.properties }),
    nesting: request.replacedTaskNesting,
    added: request.properties.added_at,
  };
}
