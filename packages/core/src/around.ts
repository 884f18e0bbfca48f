/**
 * What a program puts around the steps of a task's life: a span, a context of its own, a stopwatch.
 *
 * Signals tell of moments; this encloses what happens between two of them, so that all of it runs where it is called from.
 * It looks on: what a step is given, and what it comes to, stays what it is, whatever is thrown around it. Only the headers
 * of messages may be changed. Where nothing is put around it a step is called as it is.
 *
 * @module
 */

import type { Publication, TaskHeaders, TaskMessage } from "@umbel/protocol";
import type { CallingApplication, RegisteredTask } from "./application.ts";
import type { Outcome } from "./outcome.ts";
import type { Refusal } from "./publish.ts";
import type { TaskRequest } from "./request.ts";

/** A message on its way to the broker, whose headers may be changed: for this time of sending, and no other. */
export interface Outgoing extends Publication {
  readonly message: Omit<TaskMessage, "headers"> & {
    readonly headers: { -readonly [K in keyof TaskHeaders]: TaskHeaders[K] };
  };
}

/** A message that a worker has been handed. */
export interface Incoming {
  readonly message: TaskMessage;
  readonly queue: string;
  /** The worker's name. */
  readonly hostname: string;
}

/** An attempt that is to run. */
export interface Attempting {
  readonly task: RegisteredTask;
  readonly request: TaskRequest;
}

/** A task that this worker ends, whether it has run or not. */
export interface Ending {
  /** Absent for one that is not known here. */
  readonly task: RegisteredTask | undefined;
  readonly request: TaskRequest;
  readonly outcome: Outcome;
}

/** The steps: what each is about, and what it comes to. */
export interface Steps {
  /** Messages are handed to the broker; again where that can help. It comes to those that were refused for good. */
  readonly publish: { readonly about: readonly Outgoing[]; readonly end: readonly Refusal[] };
  /** A delivery is handled. It comes to the answer where it was pushed. */
  readonly process: { readonly about: Incoming; readonly end: unknown };
  /** A task's body runs, and what is called before it. */
  readonly attempt: { readonly about: Attempting; readonly end: { readonly outcome: Outcome } };
  /** An end is stored, and what follows is sent. It comes to the end that was offered to the store. */
  readonly finish: { readonly about: Ending; readonly end: Outcome };
  /** Within that: the end is stored. `applied`: it is this one, and not another worker's. */
  readonly store: { readonly about: Ending; readonly end: { readonly outcome: Outcome; readonly applied: boolean } };
}

/**
 * What is called in the place of steps: it calls `proceed`, which runs the step and tells what it came to, or throws what it
 * threw. What it returns is awaited. What it throws itself is logged; and a step that it has not run is run after it.
 */
export type Around = {
  readonly [Name in keyof Steps]?: (
    about: Steps[Name]["about"],
    proceed: () => Promise<Steps[Name]["end"]>,
  ) => Promise<unknown>;
};

/** By an application's signals: they are the same ones wherever it is served. */
const surroundings = new WeakMap<object, readonly Around[]>();

/**
 * Puts something around the steps of an application's tasks, within what is around them already. Returns what takes it away.
 *
 * ```ts
 * around(app, { attempt: async ({ request }, proceed) => await tenant.run(request.headers["tenant"], proceed) });
 * ```
 */
export function around({ signals }: Pick<CallingApplication, "signals">, given: Around): () => void {
  const own = { ...given };
  surroundings.set(signals, [...(surroundings.get(signals) ?? []), own]);
  return () => {
    const left = (surroundings.get(signals) ?? []).filter((each) => each !== own);
    if (left.length > 0) surroundings.set(signals, left);
    else surroundings.delete(signals);
  };
}

/** A step that is to be run. */
interface Step<Name extends keyof Steps> {
  readonly step: Name;
  readonly about: Steps[Name]["about"];
}

/** Runs a step with what is put around it. Throws what the step throws. */
export async function within<Name extends keyof Steps, End extends Steps[Name]["end"]>(
  app: Pick<CallingApplication, "logger" | "signals">,
  step: Step<Name>,
  act: () => Promise<End>,
): Promise<End> {
  const layers = surroundings.get(app.signals) ?? [];
  const tell = (error: unknown) =>
    app.logger({ logger: "umbel" }).error(`What is put around the step ${step.step} threw: ${String(error)}`);
  return await layers.reduceRight((inner, layer) => enclosed(layer, { ...step, tell }, inner), act)();
}

/** Whether headers may be changed on their way. */
export function isSurrounded({ signals }: Pick<CallingApplication, "signals">): boolean {
  return surroundings.has(signals);
}

interface ToldStep<Name extends keyof Steps> extends Step<Name> {
  readonly tell: (error: unknown) => void;
}

/** The step with one layer around it. It runs once, whatever the layer does. */
function enclosed<Name extends keyof Steps, End extends Steps[Name]["end"]>(
  layer: Around,
  { step, about, tell }: ToldStep<Name>,
  act: () => Promise<End>,
): () => Promise<End> {
  const call = layer[step];
  if (call === undefined) return act;
  return async () => {
    let running: Promise<End> | undefined;
    const proceed = (): Promise<End> => {
      running ??= handled(act());
      return running;
    };
    try {
      await call(about, proceed);
    } catch (error) {
      if (running === undefined || (await errorOf(running)) !== error) tell(error);
    }
    return await proceed();
  };
}

/** Whoever calls a step may not look at what it comes to; an error that nobody looks at ends a process. */
function handled<End>(running: Promise<End>): Promise<End> {
  running.catch(() => undefined);
  return running;
}

async function errorOf(running: Promise<unknown>): Promise<unknown> {
  return await running.then(
    () => undefined,
    (error: unknown) => error,
  );
}
