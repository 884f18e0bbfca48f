/**
 * Binds a task to the run of one attempt.
 *
 * @module
 */

import {
  assertJson,
  ImproperlyConfigured,
  MaxRetriesExceededError,
  readDate,
  type SignatureOptions,
} from "@umbel/protocol";
import type { CallingApplication } from "./application.ts";
import type { Attempt } from "./attempt.ts";
import type { BoundTask, RetryCall, StateUpdate } from "./bound-task.ts";
import { type Amended, type ControlFlow, type Decided, Ignore, Reject, Replaced, Retry } from "./control-flow.ts";
import { checkKind, times } from "./kinds.ts";
import { checkNames } from "./known-names.ts";
import type { Told } from "./letter.ts";
import { printed } from "./printed.ts";
import { checkQueue } from "./queues.ts";
import { type TaskRequest, withChildren } from "./request.ts";
import { delayOf, hasRetriesLeft } from "./retry.ts";
import type { Scope } from "./scope.ts";
import { sendEvent } from "./send-event.ts";
import { shownValue } from "./shown-value.ts";
import type { AnySignature } from "./signature.ts";
import { checkLimits } from "./time-limits.ts";
import { wireOptions } from "./wire-options.ts";

/** What a bound task closes over. */
export interface Binding {
  readonly work: Pick<Attempt, "task" | "request">;
  readonly scope: Scope;
  readonly signal: AbortSignal;
  readonly decided: Decided;
  /** Shows readers a state of the body's own; false when nobody can see it. */
  readonly show: BoundTask["updateState"];
  /** Sees to it that a signature can take the task's place. */
  readonly checkReplacement: (by: AnySignature) => void;
  /** Sends another member of the task's chord. */
  readonly addToChord: BoundTask["addToChord"];
}

/** Makes the first argument of a bound body. */
export function bindTask(app: CallingApplication, binding: Binding): BoundTask {
  const { work, scope, signal, decided, show } = binding;
  const { task } = work;
  const request = withChildren(work.request, scope.children);
  const bound: BoundTask = {
    name: task.name,
    maxRetries: task.policy.maxRetries,
    request,
    signal,
    log: app.logger({ taskName: task.name, taskId: request.id, worker: request.hostname }),
    retry(options = {}) {
      const retry = planRetry(app, { task, request }, options);
      decided.isExhausted = retry === undefined;
      if (retry === undefined) throw exhausted(bound, options);
      return decide(retry);
    },
    ignore: (reason) => decide(new Ignore(reason)),
    reject: (reason, options) => decide(new Reject(reason, options)),
    replace(signature) {
      binding.checkReplacement(signature);
      return decide(new Replaced(signature));
    },
    addToChord: binding.addToChord,
    delay: async (signature, ...args) => await signature.applyIn(scope, args, {}),
    applyAsync: async (signature, args, options = {}) => await signature.applyIn(scope, args, options),
    updateState,
    progress: async (meta) => await updateState({ state: "PROGRESS", meta }),
    sendEvent: async (type, fields = {}) => await sendEvent(app, { type, fields, by: asSender(request) }),
  };
  return printed(bound, ({ name }) => `<Task: ${name}>`);

  /** Progress is no end: whoever waits for a task that is then ignored has to be told of one. */
  async function updateState(update: StateUpdate): Promise<boolean> {
    const shown = await show(update);
    decided.hasOwnState = shown && update.state !== "PROGRESS";
    return shown;
  }

  /** Recorded before it is thrown, so that a body which catches everything cannot undo it. */
  function decide(verdict: ControlFlow): never {
    decided.verdict = verdict;
    throw verdict;
  }
}

/** A task's own event is about that task. */
function asSender({ id: uuid, hostname }: TaskRequest): Told {
  return { uuid, hostname };
}

/** What `task.retry()` takes. */
const retryNames = Object.keys({
  args: true,
  kwargs: true,
  countdown: true,
  eta: true,
  maxRetries: true,
  cause: true,
  exc: true,
  queue: true,
  priority: true,
  expires: true,
  timeLimit: true,
  softTimeLimit: true,
  shadow: true,
  headers: true,
} satisfies Record<keyof RetryCall, true>);

/** The retry that `task.retry()` asks for, if there is one left; what cannot be sent is refused here and now. */
function planRetry(
  app: CallingApplication,
  { task: { policy }, request }: Binding["work"],
  options: RetryCall,
): Retry | undefined {
  const { args, kwargs, maxRetries = policy.maxRetries, exc, cause = exc, ...call } = options;
  checkNames(options, retryNames, "option of a retry");
  const { countdown, eta, ...changes } = wireOptions({ ...call, ...(kwargs && { kwargs }) });
  checkKind("maxRetries", times, maxRetries);
  checkChangedLimits(changes, request);
  const amended = amendedBy(app, { args, kwargs, options: changes });
  if (request.calledDirectly && cause !== undefined) throw exc ?? cause;
  if (!hasRetriesLeft(maxRetries, request.retries)) return undefined;
  return new Retry(wait(), cause, amended);

  function wait(): number {
    if (typeof countdown === "number") return countdown;
    if (typeof eta === "string") return Math.max(0, (readDate(eta) - app.platform.now()) / 1000);
    return delayOf(policy, request.retries, app.platform.random);
  }
}

/** What the next attempt's call has in place of this one's. */
interface Changes extends Pick<Amended, "options"> {
  readonly args: RetryCall["args"];
  readonly kwargs: RetryCall["kwargs"];
}

function amendedBy({ conf }: CallingApplication, { args, kwargs, options }: Changes): Amended | undefined {
  checkArguments(args, kwargs);
  if (options.queue) checkQueue(conf, options.queue);
  const given = { ...(args && { args }), ...(kwargs && { kwargs }) };
  return Object.keys({ ...given, ...options }).length === 0 ? undefined : { ...given, options };
}

/** A limit that is changed is beside one that stays. */
function checkChangedLimits(changes: SignatureOptions, { timeLimit, softTimeLimit }: TaskRequest): void {
  const { time_limit: hard, soft_time_limit: soft } = changes;
  if (hard === undefined && soft === undefined) return;
  checkLimits(["softTimeLimit", soft ?? softTimeLimit], ["timeLimit", hard ?? timeLimit]);
}

function checkArguments(args: unknown, kwargs: unknown): void {
  if (args !== undefined && !Array.isArray(args)) {
    throw new ImproperlyConfigured(`args is ${shownValue(args)}: give a list`);
  }
  assertJson(args ?? null, "args");
  assertJson(kwargs ?? null, "kwargs");
}

/** What `task.retry()` throws when no retry is left. */
function exhausted({ name, request }: BoundTask, { exc, cause }: RetryCall): unknown {
  if (exc !== undefined) return exc;
  const { id, argsrepr, kwargsrepr } = request;
  const message = `Can't retry ${name}[${id}] args:${argsrepr} kwargs:${kwargsrepr}`;
  return new MaxRetriesExceededError(message, { cause });
}
