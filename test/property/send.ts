/**
 * Sends a canvas as an application would, and revokes what is to be revoked of it.
 *
 * @module
 */

import { type ResultHandle, signature, stamp as stampedWith, type Umbel } from "umbel";
import { build } from "./build.ts";
import { type Canvas, type Plan, revokedIn } from "./plan.ts";
import type { Delays, MakeCall, Part } from "./steps.ts";

/** Where a canvas is sent. */
export interface Stage {
  readonly app: Umbel;
  /** What `declareSteps` returned. */
  readonly call: MakeCall;
  readonly delays: Delays;
  /** Tells the ids of this canvas from those of others in the same store. */
  readonly run: string;
  /**
   * Whether nothing is delivered before this tells it to: only then can a call that waits be revoked for sure. Otherwise
   * all that is to be revoked is revoked before.
   */
  readonly holdsBack: boolean;
}

/** A canvas that was sent. */
export interface SentCanvas {
  /** What `delay()` returned. */
  readonly handle: ResultHandle;
  /** Builds a part of it once more, as it was built. */
  readonly buildPart: (plan: Plan) => Part;
}

/** Sends it. Throws what `delay` and `revoke` throw. */
export async function sendCanvas({ plan, input, named, stamp }: Canvas, stage: Stage): Promise<SentCanvas> {
  const { app, call, delays, run, holdsBack } = stage;
  const before = revokedIn(plan, "before", run);
  const waiting = revokedIn(plan, "waiting", run);
  await revoke(app, holdsBack ? before : [...before, ...waiting]);
  const options = { call, delays, run, now: app.platform.now() };
  const built = build(plan, options);
  const stamped = stamp === null ? built : stampedWith(built, { stamp });
  const canvas: Part = named === null ? stamped : signature(app, { ...stamped.wire }).kwargs({ named });
  const handle = input === null ? await canvas.delay() : await canvas.delay(input);
  if (holdsBack) await revoke(app, waiting);
  return { handle, buildPart: (part) => build(part, options) };
}

async function revoke(app: Umbel, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await app.revoke(ids, false);
}
