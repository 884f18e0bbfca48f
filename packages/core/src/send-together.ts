/**
 * Sends calls together: of several signatures, each under an id that is given, in as few publish calls as it takes.
 *
 * For whoever sends by a plan. What one of them is refused for keeps no other from being sent.
 *
 * @module
 */

import { changeEverything, changeFirst, everythingIn, expand, freeze, type Frozen } from "@umbel/canvas";
import {
  type NamedText,
  type Publication,
  readDate,
  type ResultTuple,
  secondsOf,
  type Signature,
  UmbelError,
  writeDate,
} from "@umbel/protocol";
import { checkCanvas } from "./apply.ts";
import type { CallingApplication } from "./application.ts";
import { childId } from "./identity.ts";
import { publicationOf } from "./publication.ts";
import { publishEach } from "./publish.ts";
import { retentionOf } from "./retention.ts";
import { beginningOf } from "./start.ts";
import { withTargets } from "./targets.ts";

/** A call that is made for an instant. */
export interface TimedCall {
  readonly wire: Signature;
  /** Id of its result. */
  readonly id: string;
  /** It does not run before; what it says in seconds is counted from here. Milliseconds since 1970. */
  readonly at: number;
  /** Whether `at` has come: then it is not told to wait for it. */
  readonly isDue: boolean;
  /** True: somebody looks whether it has ended. The state of each part is kept, also where its task ignores results. */
  readonly isWatched?: boolean;
}

/** A call that is ready to be sent. */
export interface PreparedCall {
  /** What starts it. */
  readonly publications: readonly Publication[];
  /** What has to be stored before. */
  readonly stored?: NamedText;
}

/** Makes the messages of a call. Throws what sending throws before anything is sent: `ValidationError`, `QueueNotFound` and others. */
export async function prepareCall(app: CallingApplication, call: TimedCall): Promise<PreparedCall> {
  const canvas = withTargets(app, frozen(app, call).signature);
  const all = expand(canvas);
  await checkCanvas(app, canvas, all);
  const { calls, stored } = beginningOf(app, canvas, all);
  const publications = calls.map((each) => publicationOf(app, each));
  return { publications, ...(stored === undefined ? {} : { stored }) };
}

/** Ids of a call's parts: for a task they are its own. */
export interface CallIds {
  /** Of what starts it: revoked, none of it begins. */
  readonly first: readonly string[];
  /** Of those with which it has ended. */
  readonly last: readonly string[];
  /** Names of all its tasks, by id. */
  readonly tasks: ReadonlyMap<string, string>;
}

/** The ids that a call has, or would have. Throws `ImproperlyConfigured` for a canvas that cannot be sent. */
export function idsOf(app: CallingApplication, call: TimedCall): CallIds {
  const { signature: canvas, result } = frozen(app, call);
  const calls = expand(canvas);
  const first = [...calls, ...beginningOf(app, canvas, calls).calls].map((each) => each.id);
  const named = everythingIn(canvas).flatMap(({ task, subtask_type: kind, options: { task_id: id } }) =>
    kind === null && typeof id === "string" ? [[id, task] as const] : [],
  );
  return { first: [...new Set(first)], last: endsOf(result), tasks: new Map(named) };
}

/** Milliseconds by which some of what starts a call waits longer than the call says. Throws as {@link idsOf} does. */
export function countdownOf(app: CallingApplication, wire: Signature): number {
  const { signature: canvas } = frozen(app, { wire, id: "a call of 1970", at: 0, isDue: true });
  const etas = expand(canvas).flatMap(({ options: { eta } }) => (typeof eta === "string" ? [readDate(eta)] : []));
  return Math.max(0, ...etas);
}

/** A group has ended when all its members have. */
function endsOf([[id], members]: ResultTuple): readonly string[] {
  return members === null ? [id] : members.flatMap(endsOf);
}

/**
 * Sends them. What each was refused for, for now or for good, in order; undefined for what was sent. An error that is no
 * refusal is every one's, where it passes; where it does not, they are halved until it is found whose it is.
 */
export async function sendTogether(
  app: CallingApplication,
  calls: readonly PreparedCall[],
): Promise<readonly (Error | undefined)[]> {
  try {
    return await sendAll(app, calls);
  } catch (error) {
    const reason = error instanceof Error ? error : new Error(String(error));
    if (calls.length <= 1 || (reason instanceof UmbelError && reason.transient)) return calls.map(() => reason);
    const half = Math.ceil(calls.length / 2);
    return [...(await sendTogether(app, calls.slice(0, half))), ...(await sendTogether(app, calls.slice(half)))];
  }
}

async function sendAll(
  app: CallingApplication,
  calls: readonly PreparedCall[],
): Promise<readonly (Error | undefined)[]> {
  const texts = calls.flatMap(({ stored }) => (stored === undefined ? [] : [stored]));
  if (texts.length > 0) await app.backend.saveAll(texts, retentionOf(app));
  const refusals = await publishEach(
    app,
    calls.flatMap((each) => each.publications),
  );
  const errors = new Map(refusals.map(({ publication, error }) => [idOf(publication), error]));
  return calls.map(({ publications }) => publications.map((each) => errors.get(idOf(each))).find(Boolean));
}

/** A publication may have been changed on its way; its id never is. */
function idOf({ message }: Publication): string {
  return message.headers.id;
}

function frozen(app: CallingApplication, call: TimedCall): Frozen {
  const { task_id: _taskId, ...options } = call.wire.options;
  const wire = call.isWatched === true ? watched({ ...call.wire, options }) : { ...call.wire, options };
  return freeze(atInstant(app, wire, call), { id: call.id, childId });
}

function watched(wire: Signature): Signature {
  return changeEverything(wire, (part) => ({ ...part, options: { ...part.options, ignore_result: false } }));
}

/** Seconds become instants, in all that is sent at once: counted from when the call is for, not from when it is sent. */
function atInstant(app: CallingApplication, wire: Signature, call: TimedCall): Signature {
  return changeFirst(wire, (part) => {
    const { countdown, expires, ...options } = part.options;
    const isCall = part.subtask_type === null;
    const eta =
      typeof countdown === "number" ? call.at + countdown * 1000 : isCall && !call.isDue ? call.at : undefined;
    const end = expires ?? (isCall ? lifeOf(app, part) : undefined);
    return {
      ...part,
      options: {
        ...(eta === undefined ? {} : { eta: writeDate(eta) }),
        ...options,
        ...(end === undefined ? {} : { expires: typeof end === "number" ? writeDate(call.at + end * 1000) : end }),
      },
    };
  });
}

/** Seconds after which a call of the task is not wanted any more, as it was declared. */
function lifeOf({ tasks }: CallingApplication, { task }: Signature): number | undefined {
  const expires = tasks.get(task)?.options.expires;
  return expires === undefined ? undefined : secondsOf(expires);
}
