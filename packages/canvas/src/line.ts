/**
 * The algebra of tasks and of chains of tasks: for these it comes to the same as {@link whole}.
 *
 * @module
 */

import { ImproperlyConfigured, type Signature } from "@umbel/protocol";
import type { Algebra } from "./algebra.ts";
import { type Call, callOf, taskIdOf } from "./call.ts";
import { type Evaluate, evaluateSteps } from "./evaluate-steps.ts";
import { firstStepOf } from "./first-step.ts";
import { stepsOf } from "./node.ts";
import { chainOf, kindOf, tasksIn } from "./parts.ts";
import { freezeSteps, freezeTask, type FreezeOptions, type Frozen, type Place, rootOf } from "./place.ts";
import { printTask } from "./print.ts";
import { clone, type Given, listOf } from "./signature.ts";

/** For tasks, and chains of nothing else. Its functions throw `ImproperlyConfigured` for a group or a chord. */
export const line: Algebra = { pipe, freeze, expand, tasksOf, evaluate, print };

function pipe(left: Signature, right: Signature): Signature {
  return chainOf([...tasksOf(left), ...tasksOf(right)]);
}

function freeze(signature: Signature, options: FreezeOptions): Frozen {
  const place = rootOf(signature, options);
  const tasks = tasksOf(signature);
  const [only] = tasks;
  return only !== undefined && tasks.length === 1 ? freezeCall(only, place) : freezeSteps(tasks, place, freezeCall);
}

/** A callback that is no line is checked by whoever linked it. */
function freezeCall(signature: Signature, place: Place): Frozen {
  const { link, link_error: linkError } = signature.options;
  const frozen = freezeTask(signature, place);
  const linked = [...listOf(link), ...listOf(linkError)].filter(isLine);
  for (const each of linked) freeze(each, { id: frozen.id, childId: place.childId });
  return frozen;
}

function expand(signature: Signature, given: Given = {}): readonly Call[] {
  const [last = signature] = tasksOf(signature).slice(-1);
  const root = given.options?.root_id ?? signature.options.root_id ?? taskIdOf(last);
  const started = clone(signature, { ...given, options: { ...given.options, root_id: root } });
  const first = kindOf(started) === "chain" ? firstStepOf(started) : started;
  return first === undefined ? [] : [callOf(first)];
}

async function evaluate(signature: Signature, call: Evaluate): Promise<unknown> {
  return await evaluateSteps(tasksOf(signature), call);
}

function print(signature: Signature): string {
  return kindOf(signature) === "chain" ? tasksIn(signature).map(printTask).join(" | ") : printTask(signature);
}

/** The calls that follow one another, each with its share of what was set on the whole. */
function tasksOf(signature: Signature): readonly Signature[] {
  if (!isLine(signature)) {
    throw new ImproperlyConfigured(`${signature.task} came as data: make a signature of it by signature(app, data)`);
  }
  return kindOf(signature) === "chain" ? stepsOf(signature).flatMap(tasksOf) : [signature];
}

function isLine(signature: Signature): boolean {
  const kind = kindOf(signature);
  return kind === "task" || kind === "chain";
}
