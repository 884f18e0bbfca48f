/**
 * Runs one attempt: the only place where user code is called.
 *
 * Every way out of user code becomes an {@link Outcome}; nothing is stored here and nothing is sent. What the body
 * decided by `retry()` was recorded before it was thrown, so catching it changes nothing.
 *
 * @module
 */

import {
  assertJson,
  asVerdict,
  BackendUnavailable,
  type Fence,
  MaxRetriesExceededError,
  type ResultTuple,
  SoftTimeLimitExceeded,
  TaskRevokedError,
  TimeLimitExceeded,
} from "@umbel/protocol";
import { requeue, timedOut } from "./acknowledgement.ts";
import { openAdditions } from "./add-to-chord.ts";
import type { Application, RegisteredTask } from "./application.ts";
import { within } from "./around.ts";
import { bindTask } from "./bind-task.ts";
import type { StateUpdate } from "./bound-task.ts";
import { type Decided, Ignore, isControlFlow, Replaced, Retry } from "./control-flow.ts";
import type { Run } from "./hooks.ts";
import { storedLineage } from "./lineage.ts";
import type { Outcome } from "./outcome.ts";
import { ownState } from "./own-state.ts";
import { beginningInPlaceOf } from "./replace.ts";
import type { TaskRequest } from "./request.ts";
import { isHandle } from "./result-handle.ts";
import { resultLife } from "./retention.ts";
import { delayOf, hasRetriesLeft, isRetried } from "./retry.ts";
import { createScope, runInScope } from "./scope.ts";
import { warnOfSoftLimit } from "./soft-limit.ts";
import { toldArguments } from "./told-failure.ts";

/** An attempt that this process may run. */
export interface Attempt {
  readonly task: RegisteredTask;
  readonly request: TaskRequest;
  readonly fence: Fence;
  /** Aborts when the task is terminated, or is no longer ours. */
  readonly signal: AbortSignal;
}

/** One whose body has been left. */
interface Ending extends Attempt {
  /** Ids of members that it has added to its chord. */
  readonly adds: readonly string[];
  readonly exceeded: Limits["exceeded"];
}

/** How it ended, and what its body sent meanwhile. */
export interface Attempted {
  readonly outcome: Outcome;
  readonly children: readonly ResultTuple[];
  /** Ids of members that it has added to its chord. */
  readonly additions?: readonly string[];
  /** What its hooks are called with; absent where nothing was run. */
  readonly run?: Run;
}

/** Runs an attempt, within what is put around it. Never throws: a body's error is an outcome. */
export async function attempt(app: Application, work: Attempt): Promise<Attempted> {
  const { task, request } = work;
  return await within(app, { step: "attempt", about: { task, request } }, async () => await runAttempt(app, work));
}

async function runAttempt(app: Application, work: Attempt): Promise<Attempted> {
  const scope = createScope(work.request);
  const limits = startLimits(app, work);
  const decided: Decided = {};
  const additions = openAdditions(app, scope);
  const show = async (update: StateUpdate) => await showState(app, work, update);
  const ending = { ...work, adds: additions.ids, exceeded: limits.exceeded };
  const bound = bindTask(app, {
    work,
    scope,
    signal: limits.soft,
    decided,
    show,
    checkReplacement: (by) => void beginningInPlaceOf(app, work.request, { wire: by.wire, adds: additions.ids }),
    addToChord: additions.add,
  });
  const run = { task: work.task, bound, scope };
  const leave = async (outcome: () => Outcome): Promise<Attempted> => {
    const late = limits.passed();
    await additions.close();
    const ended = late === undefined ? (terminated(work) ?? outcome()) : timedOut(app, work.request, late);
    return { outcome: ended, children: scope.children, additions: additions.ids, run };
  };
  try {
    const value = await Promise.race([limits.hard, runAll(app, run, decided)]);
    return await leave(() => decidedOutcome(app, ending, decided) ?? returned(value));
  } catch (error) {
    return await leave(() => settle(app, ending, { error, decided }));
  } finally {
    limits.stop();
  }
}

/**
 * Stores a state of the body's own for readers. A store that is away for a moment costs them the sight of it, and not the task
 * its end.
 */
async function showState(app: Application, { task, request, fence }: Attempt, update: StateUpdate): Promise<boolean> {
  const { state, meta } = ownState(update);
  const { id, retries } = request;
  const result = { status: state, result: meta, traceback: null, children: [], date_done: null, task_id: id, retries };
  try {
    return await app.backend.progress({ id, fence, result, ...resultLife(app.conf, task.options) });
  } catch (error) {
    if (!(error instanceof BackendUnavailable)) throw error;
    app.logger({ taskName: task.name, taskId: id }).warning(`its state ${state} cannot be shown: ${error.message}`);
    return false;
  }
}

async function runAll(app: Application, run: Run, decided: Decided): Promise<unknown> {
  const { task, bound, scope } = run;
  if (task.options.beforeStart !== undefined) {
    decided.isUnstarted = true;
    await runInScope(scope, async () => await task.options.beforeStart?.(bound));
    decided.isUnstarted = false;
  }
  return await runBody(app, run);
}

async function runBody(app: Application, { task, bound, scope }: Run): Promise<unknown> {
  const { request } = bound;
  const accepted = await task.accept(request.args, request.kwargs);
  const args = task.isErrback === true ? await toldArguments(app, request, accepted) : accepted;
  // By this name protocol's `tracebackOf` knows where our frames end and the body's begin.
  const caller = {
    async umbelAttempt(this: void) {
      return await task.run(bound, args);
    },
  };
  return await runInScope(scope, caller.umbelAttempt);
}

/** A value that cannot travel is a failure: whoever waits for it could not be told. */
function returned(value: unknown): Outcome {
  const kept = value === undefined ? null : storable(value);
  try {
    asVerdict(() => assertJson(kept, "result"));
    return { state: "SUCCESS", value: kept };
  } catch (error) {
    return { state: "FAILURE", error };
  }
}

/** A handle is stored in Celery's form: `resultFromTuple` makes a handle of it again. */
function storable(value: unknown): unknown {
  return isHandle(value) ? storedLineage(value.asTuple()) : value;
}

/** What an error from the body, or a recorded decision, makes of the attempt. */
function settle(
  app: Application,
  work: Ending,
  { error: thrown, decided }: { readonly error: unknown; readonly decided: Decided },
): Outcome {
  const error = decided.verdict ?? thrown;
  if (work.exceeded !== undefined && error === work.exceeded) return timedOut(app, work.request, work.exceeded);
  if (error instanceof Retry && error !== decided.verdict) return strayRetry(app, work, error);
  const verdict = isControlFlow(error) ? error : undefined;
  const steered = decidedOutcome(app, work, { ...decided, ...(verdict && { verdict }) });
  if (steered !== undefined) return steered;
  return isLeftToPolicy(work, decided, error) ? autoretry(app, work, error) : { state: "FAILURE", error };
}

/** Whoever has been told to stop counts as stopped, whatever it came to: Celery would have killed it. */
function terminated({ signal }: Attempt): Outcome | undefined {
  return signal.reason instanceof TaskRevokedError ? { state: "REVOKED", reason: "terminated" } : undefined;
}

/** Celery's rule: what is retried without being asked is the body, not what comes before it. */
function isLeftToPolicy({ task }: Attempt, { isExhausted, isUnstarted }: Decided, error: unknown): boolean {
  return isExhausted !== true && isUnstarted !== true && isRetried(task.policy, error);
}

function decidedOutcome(
  app: Application,
  { request, adds }: Ending,
  { verdict, hasOwnState = false }: Decided,
): Outcome | undefined {
  if (verdict === undefined) return undefined;
  if (verdict instanceof Ignore) return { state: "IGNORED", hasOwnState };
  if (verdict instanceof Retry) return retryAfter(app, verdict);
  if (verdict instanceof Replaced) return replacedBy(app, request, { verdict, adds });
  return verdict.requeue ? requeue(app, request, verdict) : { state: "FAILURE", error: verdict };
}

interface Replacement {
  readonly verdict: Replaced;
  readonly adds: readonly string[];
}

/** It was found to be possible before; what is made of it again knows all that was added to the chord meanwhile. */
function replacedBy(app: Application, request: TaskRequest, { verdict, adds }: Replacement): Outcome {
  const { signature, beginning } = verdict;
  try {
    const { wire } = signature;
    return { state: "REPLACED", beginning: beginning ?? beginningInPlaceOf(app, request, { wire, adds }) };
  } catch (error) {
    return { state: "FAILURE", error };
  }
}

/**
 * Makes a retry of one that the body has not asked for by its own task: it was thrown by hand, or by a task that was called on
 * the spot, whose arguments are not this one's. The task has no more of them than its policy says.
 */
function strayRetry(app: Application, { task, request }: Attempt, { delay, cause }: Retry): Outcome {
  if (hasRetriesLeft(task.policy.maxRetries, request.retries)) return retryAfter(app, new Retry(delay, cause));
  const error = cause ?? new MaxRetriesExceededError(`Can't retry ${task.name}[${request.id}] once more`);
  return { state: "FAILURE", error };
}

function autoretry(app: Application, { task, request }: Attempt, error: unknown): Outcome {
  if (!hasRetriesLeft(task.policy.maxRetries, request.retries)) return { state: "FAILURE", error };
  return retryAfter(app, new Retry(delayOf(task.policy, request.retries, app.platform.random), error));
}

function retryAfter(app: Application, { delay, cause: error, amended }: Retry): Outcome {
  return { state: "RETRY", error, delay, at: app.platform.now() + delay * 1000, amended };
}

interface Limits {
  /** Rejects at the hard limit. */
  readonly hard: Promise<never>;
  /** With this error and no other: a body may let through that another task has exceeded its own. */
  readonly exceeded: TimeLimitExceeded | undefined;
  /** The body's signal. */
  readonly soft: AbortSignal;
  /** What a body that is left now has exceeded: where it blocked, no timer could tell. */
  readonly passed: () => TimeLimitExceeded | undefined;
  readonly stop: () => void;
}

/** Timers of the soft and the hard limit. Both abort the body's signal, as it does when the attempt is taken away; `hard` rejects. */
function startLimits(app: Application, { request, signal }: Attempt): Limits {
  if (request.timeLimit === null && request.softTimeLimit === null) return unlimited(signal);
  const { timeLimit } = request;
  const call = `${request.task}[${request.id}]`;
  const end = timeLimit === null ? Infinity : app.platform.now() + timeLimit * 1000;
  const timers = new AbortController();
  const soft = new AbortController();
  const exceeded = timeLimit === null ? undefined : asVerdict(() => new TimeLimitExceeded(timeLimit, { call }));
  const hard = new Promise<never>((_, reject) => {
    after(timeLimit, () => {
      reject(exceeded);
      soft.abort(exceeded);
    });
  });
  after(request.softTimeLimit, (seconds) => {
    warnOfSoftLimit(app, request, seconds);
    soft.abort(asVerdict(() => new SoftTimeLimitExceeded(seconds, { call })));
  });
  return { hard, exceeded, soft: AbortSignal.any([soft.signal, signal]), passed, stop: () => timers.abort() };

  function passed(): TimeLimitExceeded | undefined {
    return app.platform.now() < end ? undefined : exceeded;
  }

  function after(seconds: number | null, act: (seconds: number) => void): void {
    if (seconds === null) return;
    app.platform.sleep(seconds, timers.signal).then(
      () => act(seconds),
      () => undefined,
    );
  }
}

/** Most tasks have no limit: they need no timers. */
function unlimited(soft: AbortSignal): Limits {
  return {
    hard: new Promise<never>(() => {}),
    exceeded: undefined,
    soft,
    passed: () => undefined,
    stop: () => undefined,
  };
}
