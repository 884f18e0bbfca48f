/**
 * Stores how an attempt ended.
 *
 * @module
 */

import {
  type Application,
  conclude,
  type Ended,
  endUnstarted,
  foldedEffects,
  omissible,
  type Omission,
  type Outcome,
  printable,
  resultLife,
  retentionOf,
  storeBeginning,
  unfoldedToEnd,
  type Unwritable,
  workerLogger,
} from "@umbel/core";
import {
  type Fence,
  type Finish,
  type FinishRequest,
  MessageTooLargeError,
  secondsOf,
  UmbelError,
  writeJson,
} from "@umbel/protocol";
import { ofCanvas } from "./of-canvas.ts";
import { pauseAfter } from "./patience.ts";
import type { LettersOf } from "./task-events.ts";

/** What became of storing an end. */
export interface Committed extends Finish {
  /** The outcome that was offered: the given one, or the failure to store that. */
  readonly outcome: Outcome;
}

/** Under what an end is stored, and what whoever watches is told of it. */
export interface Manner {
  readonly fence: Fence;
  readonly lettersOf: LettersOf;
  /** Of the message that was claimed; undefined where nothing follows it. */
  readonly canvas: string | undefined;
}

/**
 * Stores an end under its fence. Answers whether it is this end that is stored, and the stored effects, whoever's they
 * are. The outcome is kept and offered again while the store cannot be reached, for `workerStorePatience`; after that
 * throws what the store threw. Of an end that the store will never take as it is, the arguments of what follows are stored
 * apart; if that does not do, less is told: what the body sent is left out, and a value that is still too large becomes a failure for that reason, for the body would only come to the same end
 * again. Of a failure so much is left out that the store takes it: all of the canvas has to end.
 */
export async function commit(app: Application, ended: Ended, manner: Manner): Promise<Committed> {
  try {
    return await offer(app, ended, manner);
  } catch (error) {
    if (!(error instanceof UmbelError) || error.transient) throw error;
    const smaller = smallerThan(app, ended, error);
    if (smaller === undefined) throw error;
    tellRefused(app, ended, error);
    return await commit(app, smaller, manner);
  }
}

async function offer(app: Application, ended: Ended, manner: Manner): Promise<Committed> {
  const offered = await patiently(app, ended, async () => await finishOf(app, ended, manner));
  if ("unwritable" in offered) return await offer(app, failing(ended, offered.unwritable), manner);
  const finish = await patiently(app, ended, async () => await app.backend.finish(offered));
  if (finish.applied) tellLess(app, ended);
  return { ...finish, outcome: ended.outcome };
}

/** The same attempt, failed. */
function failing(ended: Ended, error: unknown): Ended {
  return { ...ended, outcome: { state: "FAILURE", error }, without: [] };
}

/** An end with less in it, at first the same with its messages' arguments elsewhere; undefined when there is no less. */
function smallerThan({ hasBackend }: Application, ended: Ended, error: UmbelError): Ended | undefined {
  const { outcome, without = [], foldsArguments = !hasBackend } = ended;
  if (!foldsArguments && sendsOn(ended)) return { ...ended, foldsArguments: true };
  const next = omissible[outcome.state].find((each) => !without.includes(each) && isThere(each, ended));
  if (next !== undefined) return { ...ended, without: [...without, next] };
  return endsAll(outcome) ? undefined : failing(ended, named(ended, error));
}

/** The store does not know whose end it was that is too large. Its own error is in the message: as a cause it would take room. */
function named({ outcome, message: { headers } }: Ended, error: UmbelError): UmbelError {
  if (outcome.state !== "SUCCESS" || !(error instanceof MessageTooLargeError)) return error;
  const size = new TextEncoder().encode(writeJson(outcome.value)).length;
  const what = `The result of ${headers.task}[${headers.id}] has ${size} bytes`;
  return new MessageTooLargeError(`${what}, too many for the store: ${error.message}`);
}

/** Whether messages follow that have arguments. */
function sendsOn({ outcome, message: { body } }: Ended): boolean {
  const { callbacks, errbacks, chain } = body[2] ?? {};
  const isSentAgain = outcome.state === "RETRY" || outcome.state === "REJECTED";
  return isSentAgain || [callbacks, errbacks, chain].some((each) => each !== null && each !== undefined);
}

function isThere(part: Omission, { children }: Ended): boolean {
  return part !== "children" || children.length > 0;
}

/** Whether an end is the end of all that would have followed: it has no value of its own. */
function endsAll({ state }: Outcome): boolean {
  return state === "FAILURE" || state === "REVOKED" || state === "IGNORED";
}

function tellRefused(app: Application, { message }: Pick<Ended, "message">, error: UmbelError): void {
  const { id: taskId, task: taskName } = message.headers;
  const log = app.logger({ logger: workerLogger, taskName, taskId, isNamed: true });
  log.warning(`The end of ${printable(taskId)} could not be stored: ${error.message}`);
}

function tellLess(app: Application, { message, without = [] }: Ended): void {
  if (without.length === 0) return;
  const { task: taskName, id: taskId } = message.headers;
  app
    .logger({ logger: workerLogger, taskName, taskId })
    .critical(`ended, but its end is too large for the store, which has it without ${without.join(", ")}`);
}

/** What is stored. Its messages are short, and what was taken out of them is in the store. */
async function finishOf(
  app: Application,
  ended: Ended,
  { fence, lettersOf, canvas }: Manner,
): Promise<FinishRequest | Unwritable> {
  const { outcome, without = [] } = ended;
  const withChord = without.includes("chords");
  const message = endsAll(outcome) ? await unfoldedToEnd(app, ended.message, { withChord }) : ended.message;
  await endUnstarted(app, ended, fence);
  if (outcome.state === "REPLACED") await storeBeginning(app, outcome.beginning);
  const said = conclude(app, { ...ended, message });
  if ("unwritable" in said) return said;
  const { effects: following, ...conclusion } = said;
  const effects = await foldedEffects(app, following, { foldsArguments: ended.foldsArguments ?? false });
  const events = lettersOf(ended, effects);
  return {
    id: message.headers.id,
    fence,
    ...conclusion,
    effects,
    retention: retentionOf(app, outcome.state === "RETRY" ? outcome.at : null),
    ...resultLife(app.conf, app.tasks.get(message.headers.task)?.options),
    ...ofCanvas(canvas),
    ...(events.length === 0 ? {} : { events }),
  };
}

/** Does something again and again while the store is away, for `workerStorePatience`. */
async function patiently<Done>(app: Application, { message }: Ended, act: () => Promise<Done>): Promise<Done> {
  const giveUpAt = app.platform.now() + secondsOf(app.conf.workerStorePatience) * 1000;
  for (let tries = 1; ; tries += 1) {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof UmbelError) || !error.transient || app.platform.now() >= giveUpAt) throw error;
      tellRefused(app, { message }, error);
    }
    await app.platform.sleep(pauseAfter(tries));
  }
}
