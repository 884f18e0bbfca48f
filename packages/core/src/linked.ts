/**
 * What can be linked to a call: signatures, and tasks, each of which stands for a signature of it.
 *
 * @module
 */

import { ImproperlyConfigured, type Signature } from "@umbel/protocol";
import type { SignatureSender } from "./signature.ts";

/** Anything that can be composed: it has Celery's form of a signature. */
export interface Linked {
  readonly wire: Signature;
  /** Whose it is, when an application has made it. */
  readonly sender?: SignatureSender;
}

/** A task, as far as it can be linked. */
export interface LinkedTask {
  s(): Linked;
}

/** Anything that can be linked. */
export type Linkable = Linked | LinkedTask;

/** What is linked, as signatures. Throws `ImproperlyConfigured` for what is neither a signature nor a task. */
export function linkedOf(given: Linkable | readonly Linkable[] = []): readonly Linked[] {
  return [given].flat().map((each) => {
    if (isLinked(each)) return each;
    if (isTask(each)) return each.s();
    throw new ImproperlyConfigured(`${String(each)} cannot be linked: give a signature, task.s(), or a task`);
  });
}

/** What follows something. Throws `ImproperlyConfigured` for what is no signature: the commonest slip is a forgotten `.s()`. */
export function stepOf<Step extends Linked>(given: Step): Step {
  const step: unknown = given;
  if (isLinked(step)) return given;
  const mended = isTask(step) ? "itself cannot follow: write .s() for" : "cannot follow: give";
  throw new ImproperlyConfigured(`${String(step)} ${mended} a signature`);
}

// The compiler has not seen what comes from elsewhere: it may be anything.
function isLinked(given: unknown): given is Linked {
  return "wire" in Object(given);
}

function isTask(given: unknown): given is LinkedTask {
  return typeof given === "function" && "s" in given;
}
