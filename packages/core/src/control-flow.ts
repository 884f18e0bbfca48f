/**
 * What a task throws to say how its attempt is to end. It is recorded before it is thrown, so that user code which
 * catches everything cannot undo it.
 *
 * @module
 */

import type { SignatureOptions } from "@umbel/protocol";
import type { AnySignature } from "./signature.ts";
import type { Beginning } from "./start.ts";

/** What a retry changes of its call, in Celery's form. */
export interface Amended {
  readonly args?: readonly unknown[];
  readonly kwargs?: Readonly<Record<string, unknown>>;
  readonly options: SignatureOptions;
}

/**
 * Ends this attempt; another one follows, after so many seconds, unless the task has none left: then it fails with the cause,
 * or with MaxRetriesExceededError. `task.retry()` throws it, with the wait and the bound that its options say.
 */
export class Retry extends Error {
  override readonly name = "Retry";
  /** Seconds until the next attempt. */
  readonly delay: number;
  /** Where the next attempt's call differs from this one's. */
  readonly amended: Amended | undefined;

  /** `delay` is in seconds, `cause` why there is another attempt; what that one's call changes only `task.retry()` says. */
  constructor(delay: number, cause: unknown, amended?: Amended) {
    super(`Retry in ${delay}s`, { cause });
    this.delay = delay;
    this.amended = amended;
  }
}

/** Ends the task without a result of its own. */
export class Ignore extends Error {
  override readonly name = "Ignore";
}

/** Ends the task as one that nobody wants: a failure, kept for replay; or, with `requeue`, delivers it once more. */
export class Reject extends Error {
  override readonly name = "Reject";
  readonly requeue: boolean;

  constructor(reason = "rejected", options: { readonly requeue?: boolean; readonly cause?: unknown } = {}) {
    super(reason, { cause: options.cause });
    this.requeue = options.requeue ?? false;
  }
}

/** Ends this attempt; a signature takes the task's place, under its id. */
export class Replaced extends Error {
  override readonly name = "Replaced";
  readonly signature: AnySignature;
  /** What is still to be sent, where that is not all of it. */
  readonly beginning: Beginning | undefined;

  constructor(signature: AnySignature, beginning?: Beginning) {
    super("Replaced");
    this.signature = signature;
    this.beginning = beginning;
  }
}

/** One of them. */
export type ControlFlow = Retry | Ignore | Reject | Replaced;

/** What a running body has decided so far; it cannot be taken back. */
export interface Decided {
  verdict?: ControlFlow;
  /** It has asked for a retry, and had none left. */
  isExhausted?: boolean;
  /** It was never called: `beforeStart` threw. */
  isUnstarted?: boolean;
  /** It has shown its readers a state of its own. */
  hasOwnState?: boolean;
}

/** Whether an error is one of them. */
export function isControlFlow(error: unknown): error is ControlFlow {
  return [Retry, Ignore, Reject, Replaced].some((each) => error instanceof each);
}
