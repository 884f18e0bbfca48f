/**
 * The tasks that the steps of a plan call: each body does what its step's ending says, and has every beginning noted.
 *
 * @module
 */

import { type BoundTask, Ignore, Reject, type ResultHandle, type Signature, signature, type Umbel } from "umbel";
import type { Ending, StepPlan } from "./plan.ts";
import { marked, shown, type Spec, valueOf } from "./value.ts";

/** A body has begun. */
export interface Beginning {
  /** Of the canvas. */
  readonly run: string;
  readonly label: string;
  /** Of the call. */
  readonly id: string;
  readonly retries: number;
  /** What it was given, as `shown` has it. */
  readonly given: string;
}

/** Notes each beginning, and answers how often the same call had begun before. Outlives the processes that are killed. */
export type Note = (beginning: Beginning) => number | Promise<number>;

/** How long what takes time takes, in seconds. */
export interface Delays {
  /** Between two attempts. */
  readonly retry: number;
  /** Before a step that is due later. */
  readonly later: number;
  /** From when on a step that expires between its retries has expired. */
  readonly expiry: number;
  /** Before the retry of such a step. */
  readonly tooLate: number;
  /** That the body of a slow step takes. */
  readonly slow: number;
}

/** A canvas, or a part of one, whatever it takes and returns. */
export type Part = Signature<unknown[], unknown, ResultHandle>;

/** What a call is made for. */
export interface CallOptions {
  readonly run: string;
  /** Whether its value tells which of its beginnings it came from. */
  readonly tells: boolean;
}

/** Makes the call of a step. */
export type MakeCall = (step: StepPlan, options: CallOptions) => Part;

/** What travels with a call. */
interface Order extends Spec, CallOptions {
  readonly slow: boolean;
}

/** Retries of the task that is retried by its policy. */
export const mostRetries = 2;

/** Name of a task that nobody declares. */
const unknownTask = "property.unknown";

/** What a step fails with when it may be retried. */
class Flaky extends Error {
  override readonly name = "Flaky";
}

/** Declares the tasks, and returns what makes calls of them. */
export function declareSteps(app: Umbel, { note, delays }: { readonly note: Note; readonly delays: Delays }): MakeCall {
  const setting = { app, note, delays };
  const body = async (task: BoundTask, ...args: readonly unknown[]): Promise<unknown> => await run(task, args, setting);
  const retries = { autoretryFor: [Flaky], maxRetries: mostRetries, defaultRetryDelay: delays.retry };
  const auto = app.task({ name: "property.auto", bind: true, ...retries }, body);
  const manual = app.task({ name: "property.step", bind: true }, body);
  return ({ label, ending, immutable, slow }, options) => {
    const order: Order = { label, ending, slow, ...options };
    if (ending.how === "unknown") return app.signature(unknownTask, { args: [order] });
    const task = "auto" in ending && ending.auto ? auto : manual;
    const part = task.s(order);
    return immutable ? signature(app, { ...part.wire, immutable }) : part;
  };
}

interface Setting {
  readonly app: Umbel;
  readonly note: Note;
  readonly delays: Delays;
}

async function run(task: BoundTask, args: readonly unknown[], { app, note, delays }: Setting): Promise<unknown> {
  const given = args.slice(0, -1);
  const order = orderIn(args.at(-1));
  const { id, retries } = task.request;
  const before = await note({ run: order.run, label: order.label, id, retries, given: shown(given) });
  if (order.slow) await app.platform.sleep(delays.slow);
  const nth = order.tells ? before : 0;
  act(task, order, { before, delays, mark: marked(order.label, nth) });
  return valueOf(order, given, nth);
}

interface Circumstances {
  readonly delays: Delays;
  /** How often the call has begun before. */
  readonly before: number;
  /** Names the step, and which of its beginnings this is. */
  readonly mark: string;
}

/** Does what the ending says, but for returning. */
function act(task: BoundTask, { ending }: Spec, { delays, before, mark }: Circumstances): void {
  const { retries } = task.request;
  const times = "times" in ending ? ending.times : 0;
  const again = () => retry(task, { cause: new Flaky(`not now: ${mark}`), ending, delays });
  const acts: Readonly<Partial<Record<Ending["how"], () => void>>> = {
    fails: () => raise(new RangeError(`too far: ${mark}`)),
    ignores: () => raise(new Ignore()),
    rejects: () => raise(new Reject(`unwanted: ${mark}`)),
    requeues: () => (before < times ? task.reject("not now", { requeue: true }) : undefined),
    retries: () => (retries < times ? again() : undefined),
    exhausts: again,
    expires: () => task.retry({ countdown: delays.tooLate }),
  };
  acts[ending.how]?.();
}

function raise(error: Error): never {
  throw error;
}

interface Again {
  readonly cause: Flaky;
  readonly ending: Ending;
  readonly delays: Delays;
}

function retry(task: BoundTask, { cause, ending, delays }: Again): never {
  if ("auto" in ending && ending.auto) throw cause;
  return task.retry({ countdown: delays.retry, maxRetries: "times" in ending ? ending.times : 0, cause });
}

/** The step's own argument comes last, behind what it was given. */
function orderIn(argument: unknown): Order {
  if (isOrder(argument)) return argument;
  throw new TypeError(`This is no order of a step: ${JSON.stringify(argument)}`);
}

/** Only `declareSteps` makes such calls: what has a label is an order, unless the product mixes arguments up. */
function isOrder(argument: unknown): argument is Order {
  return typeof argument === "object" && argument !== null && "label" in argument && "ending" in argument;
}
