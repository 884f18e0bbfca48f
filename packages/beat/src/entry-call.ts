/**
 * The call that an entry makes, with all its arguments and options.
 *
 * @module
 */

import {
  type AnySignature,
  type CallingApplication,
  type Lazily,
  type NamedSignature,
  refuseOnceOnly,
  refuseUnknownTask,
  shownValue,
  signature,
  type SignatureSender,
} from "@umbel/core";
import { assertJson, ImproperlyConfigured, type Signature as WireSignature } from "@umbel/protocol";
import { inEntry, type Written } from "./entry-fields.ts";

/** An application whose calls are sent again and again. */
export type EntryApplication = CallingApplication & SignatureSender;

type Sendable = Pick<AnySignature, "wire" | "sender">;

/** What an entry calls. */
export interface EntryCall {
  /** Makes it: what is given lazily is asked for each time. */
  readonly call: () => Sendable;
  /** Celery's form, without what is given lazily. */
  readonly wire: WireSignature;
  /** Whether anything is. */
  readonly isLazy: boolean;
}

/** The call of an entry. Throws `ImproperlyConfigured` as `readEntry` does. */
export function callOf(app: EntryApplication, name: string, entry: Written): EntryCall {
  const { args = [], kwargs = {}, options = {} } = entry;
  const own = Object.keys(options).find((option) => Object.hasOwn(notAnOption, option));
  if (own !== undefined) {
    throw new ImproperlyConfigured(`options of the beat entry "${name}" has ${own}: ${notAnOption[own]}`);
  }
  const base = inEntry(name, "task", () => baseOf(app, entry.task));
  const bound = inEntry(name, "options", () => base.set(options));
  const isLazy = typeof args === "function" || typeof kwargs === "function";
  const call = () => withArguments(bound, { args: made(args), kwargs: made(kwargs) });
  if (isLazy) return { call, wire: bound.wire, isLazy };
  const whole = inEntry(name, "args", call);
  inEntry(name, "args", () => {
    assertJson(whole.wire, whole.wire.task);
    checkComplete(app, whole.wire);
  });
  return { call: () => whole, wire: whole.wire, isLazy };
}

/** Options of a call that an entry's calls cannot have, and why. */
const notAnOption: Readonly<Record<string, string>> = {
  taskId: "the id of a run is beat's own",
  eta: "the schedule says when; countdown adds to it",
  kwargs: "give kwargs beside the options",
};

/** What is to be called, as a signature that this application sends. */
function baseOf(app: EntryApplication, task: unknown): NamedSignature<never> {
  const wire = typeof task === "string" ? { task } : wireIn(task);
  const base = signature<never>(app, wire);
  refuseUnknownTask(app, base.wire);
  refuseOnceOnly(base.wire);
  return base;
}

/** No compiler may have seen it. */
function wireIn(task: unknown): unknown {
  if (typeof task === "function" && "s" in task && typeof task.s === "function") return wireIn(task.s());
  if (typeof task === "function" && "wire" in task) return task.wire;
  if (typeof task === "object" && task !== null && "task" in task) return task;
  const what = typeof task === "function" ? "a function, and no task" : `${shownValue(task)}, which cannot be sent`;
  throw new ImproperlyConfigured(`It is ${what}: give a task, a signature as task.s(1, 2), or the name of a task`);
}

function withArguments(
  bound: NamedSignature<never>,
  { args, kwargs }: { readonly args: readonly unknown[]; readonly kwargs: Readonly<Record<string, unknown>> },
): Sendable {
  if (args.length === 0 && Object.keys(kwargs).length === 0) return bound;
  return bound.clone(args, { kwargs });
}

function made<Value>(given: Lazily<Value>): Value {
  return isMaker(given) ? given() : given;
}

/** Neither a list nor a record is ever a function. */
function isMaker<Value>(given: Lazily<Value>): given is () => Value {
  return typeof given === "function";
}

/** Throws `TypeError` for a call that lacks arguments, as far as its task tells before it is sent. */
function checkComplete({ tasks }: EntryApplication, { task, args, kwargs }: WireSignature): void {
  tasks.get(task)?.checkStep?.(args, kwargs);
}
