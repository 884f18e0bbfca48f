/**
 * What the bodies of steps do: what their step's ending says, and nothing that a witness does not know.
 *
 * @module
 */

import { attemptNumber } from "@umbel/protocol";
import { type BoundTask, Ignore, Reject, type Umbel, UmbelError } from "umbel";
import { build } from "./build.ts";
import type { Ending } from "./plan.ts";
import type { CallOptions, MakeCall, Setting } from "./steps.ts";
import { marked, ownState, shown, type Spec, valueOf } from "./value.ts";

/** What travels with a call. */
export interface Order extends Spec, CallOptions {
  readonly slow: boolean;
  /** Makes it longer. */
  readonly pad: string;
}

/** What a step fails with when it may be retried. */
export class Flaky extends Error {
  override readonly name = "Flaky";
}

/** What a body works with. */
export interface BodyOptions extends Setting {
  readonly app: Umbel;
  readonly call: MakeCall;
}

/** Runs a body: its step's order comes last, behind what it was given, and before what was given by name. */
export async function runBody(
  task: BoundTask,
  args: readonly unknown[],
  { app, call, witness, delays }: BodyOptions,
): Promise<unknown> {
  const named = args.at(-1);
  const given = [...args.slice(0, -2), ...(isEmpty(named) ? [] : [named])];
  const order = orderIn(args.at(-2));
  const { run, label, tells } = order;
  const { id, retries, stamps, properties } = task.request;
  const attempt = attemptNumber({ headers: task.request, properties });
  const told = { given: shown(given), stamps: JSON.stringify(stamps) };
  const before = await witness.begun({ run, label, id, retries, attempt, ...told });
  if (order.slow) {
    await task.progress({ label });
    await app.platform.sleep(delays.slow);
  }
  const nth = tells ? before : 0;
  await act({ task, order, before, mark: marked(label, nth) }, { app, call, witness, delays });
  return valueOf(order, given, nth);
}

/** Whose step a running call is. */
export function labelOf({ request }: BoundTask): Pick<Order, "run" | "label"> {
  const { run, label } = orderIn(request.args.at(-1));
  return { run, label };
}

interface Act {
  readonly task: BoundTask;
  readonly order: Order;
  /** How often the call has begun before. */
  readonly before: number;
  /** Names the step, and which of its beginnings this is. */
  readonly mark: string;
}

/** Does what the ending says, but for returning. */
async function act({ task, order, before, mark }: Act, options: BodyOptions): Promise<void> {
  const { ending } = order;
  const { retries } = task.request;
  const times = "times" in ending ? ending.times : 0;
  const again = () => retry(task, { cause: new Flaky(`not now: ${mark}`), ending, delays: options.delays });
  const often = () => (retries < times ? again() : undefined);
  const acts: Readonly<Partial<Record<Ending["how"], () => unknown>>> = {
    fails: () => raise(new RangeError(`too far: ${mark}`)),
    ignores: async () => {
      if ("own" in ending && ending.own) await showOwnState(task, options);
      raise(new Ignore());
    },
    rejects: () => raise(new Reject(`unwanted: ${mark}`)),
    requeues: () => (before < times ? task.reject("not now", { requeue: true }) : undefined),
    "puts back": () => task.reject(`unwanted: ${mark}`, { requeue: true }),
    retries: often,
    exhausts: again,
    expires: () => task.retry({ countdown: options.delays.tooLate }),
    replaced: () => {
      often();
      replace(task, order, options);
    },
    adds: async () => {
      await add(task, order, options);
      often();
      if ("fails" in ending && ending.fails) raise(new RangeError(`too far: ${mark}`));
    },
  };
  await acts[ending.how]?.();
}

/** Until somebody can see it, or the attempt is another's, or it is run at once. */
async function showOwnState(task: BoundTask, { app }: BodyOptions): Promise<void> {
  for (let tries = 0; tries < mostTries && !(await task.updateState({ state: ownState })); tries += 1) {
    await app.platform.sleep(30);
  }
}

/** An outage of the kit lasts a quarter of an hour. */
const mostTries = 60;

function replace(task: BoundTask, { ending, run }: Order, { app, ...options }: BodyOptions): void {
  if (ending.how !== "replaced") return;
  task.replace(build(ending.by, { ...options, run, now: app.platform.now() }));
}

async function add(task: BoundTask, { ending, run, label }: Order, options: BodyOptions): Promise<void> {
  if (ending.how !== "adds") return;
  const { app, witness, ...others } = options;
  for (const [index, member] of ending.members.entries()) {
    const handle = await patiently(
      app,
      async () => await task.addToChord(build(member, { ...others, run, now: app.platform.now() })),
    );
    await witness.added({ run, label, index, tuple: handle.asTuple() });
  }
}

/** Again, for as long as nobody takes it; what is wrong otherwise is thrown. */
async function patiently<Result>(app: Umbel, send: () => Promise<Result>): Promise<Result> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await send();
    } catch (error) {
      if (tries === mostTries || !(error instanceof UmbelError) || !error.transient) throw error;
      await app.platform.sleep(30);
    }
  }
}

function raise(error: Error): never {
  throw error;
}

interface Again {
  readonly cause: Flaky;
  readonly ending: Ending;
  readonly delays: Setting["delays"];
}

function retry(task: BoundTask, { cause, ending, delays }: Again): never {
  if ("auto" in ending && ending.auto) throw cause;
  return task.retry({ countdown: delays.retry, maxRetries: "times" in ending ? ending.times : 0, cause });
}

function orderIn(argument: unknown): Order {
  if (isOrder(argument)) return argument;
  throw new TypeError(`This is no order of a step: ${JSON.stringify(argument)}`);
}

/** Only `declareSteps` makes such calls: what has a label is an order, unless the product mixes arguments up. */
function isOrder(argument: unknown): argument is Order {
  return typeof argument === "object" && argument !== null && "label" in argument && "ending" in argument;
}

function isEmpty(named: unknown): boolean {
  return typeof named === "object" && named !== null && Object.keys(named).length === 0;
}
