/**
 * Ends a stored canvas whose start has come to nothing: its message was lost, its text is gone, its calls cannot be sent
 * (delivery.md 14). Only a worker needs it.
 *
 * That is done before the end of the start is stored, not after it as other effects are: of a canvas with ten thousand calls
 * it is more than a store takes at once. Done again it comes to the same.
 *
 * @module
 */

import {
  type Cause,
  clone,
  failed,
  failUnstarted,
  freeze,
  outlined,
  resultIdOf,
  revoked,
  signature,
} from "@umbel/canvas";
import {
  decodeSignature,
  type Effect,
  type Fence,
  failureOf,
  InvalidMessageError,
  isReference,
  secondsOf,
  type Signature,
  type TaskMessage,
  TaskRevokedError,
  tracebackOf,
} from "@umbel/protocol";
import type { Application } from "./application.ts";
import type { Ended } from "./conclude.ts";
import { effectsOf, followingOf } from "./effects.ts";
import { childId } from "./identity.ts";
import { endKept } from "./kept-sends.ts";
import { perform, readable } from "./perform.ts";
import { retentionOf } from "./retention.ts";
import { startName } from "./start.ts";
import { loadCanvas } from "./start-task.ts";

/**
 * Ends all of the canvas that an attempt was to start, if it was one of `umbel.start`, has failed, and is still held: else
 * somebody else is starting it. Throws `BackendUnavailable` and `BrokerUnavailable`.
 */
export async function endUnstarted(app: Application, { message, outcome }: Ended, fence: Fence): Promise<void> {
  const { id, task } = message.headers;
  // What takes a task's place has all that is to follow in its own message.
  const isStart = task === startName && message.body[0][1] !== true && app.hasBackend;
  if (!isStart || (outcome.state !== "FAILURE" && outcome.state !== "REVOKED")) return;
  if (!(await isHeld(app, id, fence))) return;
  if (outcome.state === "FAILURE") await endAll(app, message.body, failing(outcome.error));
  else await endAll(app, message.body, revoking(new TaskRevokedError(outcome.reason)));
}

/** Why, as an error and as the canvas has it. */
interface Why {
  readonly error: unknown;
  readonly cause: Cause;
}

function failing(error: unknown): Why {
  return { error, cause: failed({ failure: failureOf(error), traceback: tracebackOf(error) }) };
}

function revoking(error: Error): Why {
  return { error, cause: revoked({ failure: failureOf(error) }) };
}

async function endAll(app: Application, [[id], kwargs]: TaskMessage["body"], { error, cause }: Why): Promise<void> {
  if (isReference(kwargs["stored"])) return await endKept(app, kwargs["stored"], error);
  const key = String(id);
  const canvas = await storedCanvas(app, key);
  const ends = readable(app, key, () => endsOf(app, canvas ?? rememberedOf(key, kwargs), cause));
  await perform(app, ends);
}

function endsOf(app: Application, canvas: Signature, cause: Cause): readonly Effect[] {
  const root = canvas.options.root_id ?? resultIdOf(canvas);
  return effectsOf(app, failUnstarted(canvas, cause, { ...followingOf(app), root }));
}

async function isHeld(app: Application, id: string, fence: Fence): Promise<boolean> {
  const lease = secondsOf(app.conf.workerLease);
  const { held } = await app.backend.renew({ id, fence, lease, retention: retentionOf(app) });
  return held;
}

/** The canvas; undefined when nobody can tell any more what it was. */
async function storedCanvas(app: Application, id: string): Promise<Signature | undefined> {
  try {
    return await loadCanvas(app, id);
  } catch (error) {
    if (error instanceof InvalidMessageError) return undefined;
    throw error;
  }
}

/** What the message itself says of the canvas: at least whose result it was. Throws `InvalidMessageError`. */
function rememberedOf(id: string, { outline, end }: Readonly<Record<string, unknown>>): Signature {
  const { signature: frozen } = freeze(outlineOr(outline), { id, childId });
  return end === undefined
    ? frozen
    : clone(frozen, { options: decodeSignature({ task: startName, options: end }).options });
}

function outlineOr(outline: unknown): Signature {
  try {
    return outlined(outline);
  } catch (error) {
    if (error instanceof InvalidMessageError) return signature(startName);
    throw error;
  }
}
