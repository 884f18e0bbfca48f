/**
 * Tells what follows a message how its task has ended, where another message with the same id has had it run.
 *
 * Ids deduplicate: the body does not run again. But the rest of this chain, this chord, these callbacks are not those of the
 * message that was run, and each of them is to reach an end (delivery.md 14). What is sent here can be sent any number of times.
 *
 * @module
 */

import {
  afterFailure,
  afterIgnored,
  afterRevoked,
  afterSuccess,
  type Consequence,
  type Failure,
  type Following,
} from "@umbel/canvas";
import {
  failureIn,
  failureOf,
  InvalidMessageError,
  type ResultMeta,
  type TaskMessage,
  TaskRevokedError,
  type TerminalState,
} from "@umbel/protocol";
import type { Application } from "./application.ts";
import { canvasWord } from "./canvas-word.ts";
import { effectsOf, followingOf } from "./effects.ts";
import { foldedEffects } from "./folded-effects.ts";
import { childId } from "./identity.ts";
import { perform, readable } from "./perform.ts";
import { unfoldedToRun, unfoldedUnsent } from "./unfolded.ts";

/**
 * Hands over the end that is stored for a message's task. A value that is not kept any more fails those that were to get it.
 * Throws `BackendUnavailable` or `BrokerUnavailable`; doing it again is then the way to go on.
 */
export async function handOver(app: Application, message: TaskMessage, state: TerminalState): Promise<void> {
  const { id } = message.headers;
  const [stored] = await app.backend.read([id]);
  const end = { state, stored };
  const whole = hasValue(app, message, end) ? await unfoldedToRun(app, message) : await unfoldedUnsent(app, message);
  await follow(app, message, () => consequencesOf(app, whole, end));
}

/** The same of a task whose end nobody will come back for. Throws as {@link handOver} does. */
export async function handOverFailure(app: Application, message: TaskMessage, error: Error): Promise<void> {
  const whole = await unfoldedUnsent(app, message);
  await follow(app, message, () => afterFailure(whole, { failure: failureOf(error) }, followingBeside(app, whole)));
}

async function follow(app: Application, { headers }: TaskMessage, consequences: () => readonly Consequence[]) {
  const effects = readable(app, headers.id, () => effectsOf(app, consequences()));
  await perform(app, await foldedEffects(app, effects, { foldsArguments: false }));
}

/** How the task ended, and what readers see of that. */
interface End {
  readonly state: TerminalState;
  readonly stored: ResultMeta | undefined;
}

function consequencesOf(app: Application, message: TaskMessage, end: End): readonly Consequence[] {
  const following = followingBeside(app, message);
  const { state, stored } = end;
  switch (state) {
    case "SUCCESS":
      if (hasValue(app, message, end)) return afterSuccess(message, stored?.result ?? null, following);
      return afterFailure(message, { failure: failureOf(unkept(message)) }, following);
    case "FAILURE":
      return afterFailure(message, failureOfEnd(end, unkept(message)), following);
    case "REVOKED":
      return afterRevoked(message, failureOfEnd(end, new TaskRevokedError("revoked")), following);
    case "IGNORED":
      return afterIgnored(message, following);
  }
}

function failureOfEnd({ state, stored }: End, otherwise: Error): Failure {
  if (stored?.status !== state) return { failure: failureOf(otherwise) };
  return { failure: failureIn(stored.result), traceback: stored.traceback };
}

/** Callbacks and errbacks of this message are not those of the one that was run, which have the ids that follow from the task's. */
function followingBeside(app: Application, message: TaskMessage): Following {
  const { id } = message.headers;
  const beside = canvasWord(message) ?? "";
  const ids = (parent: string, name: string): string => childId(parent, parent === id ? `${beside}/${name}` : name);
  return { ...followingOf(app), childId: ids };
}

/** Whether those that follow can be given what they are to get. Where results are ignored a null may stand for any value. */
function hasValue(app: Application, message: TaskMessage, { state, stored }: End): boolean {
  if (state !== "SUCCESS") return false;
  if (stored?.status !== "SUCCESS") return !needsValue(message);
  return stored.result !== null || !isIgnored(app, message) || !needsValue(message);
}

function needsValue({ body: [, , embed] }: TaskMessage): boolean {
  const { callbacks, chain, chord } = embed ?? {};
  return Boolean(chord) || [...(callbacks ?? []), ...(chain ?? []).slice(-1)].some((each) => !each.immutable);
}

function isIgnored({ tasks, conf }: Application, { headers }: TaskMessage): boolean {
  return headers.ignore_result ?? tasks.get(headers.task)?.options.ignoreResult ?? conf.taskIgnoreResult;
}

function unkept({ headers: { id, task } }: TaskMessage): InvalidMessageError {
  return new InvalidMessageError(
    `${task}[${id}] had ended before this call of it came, and how is not kept: give the call a taskId of its own, or keep results`,
  );
}
