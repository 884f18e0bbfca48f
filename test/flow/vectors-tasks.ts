/**
 * The tasks of Celery's canvas vectors (celery-semantics.md 3.11), in a world whose store is chosen.
 *
 * A signature is written as there: `add(2)` is partial, `addI(1, 2)` takes nothing from the step before.
 *
 * @module
 */

import {
  type AnySignature,
  type Backend,
  type BoundTask,
  chain,
  group,
  Ignore,
  Reject,
  type ResultHandle,
  signature,
  type Task,
  Umbel,
} from "umbel";
import { memoryBroker } from "umbel/memory";
import { worker } from "umbel/worker";
import { looseObject } from "zod/mini";
import { world } from "./world.ts";

/** What the rows of the table send. */
export interface Sendable {
  delay(): Promise<ResultHandle>;
}

/** Makes a signature. */
type Sign = (...args: readonly unknown[]) => ReturnType<Umbel["signature"]>;

/** Where the vectors are run. */
export interface Home {
  readonly app: Umbel;
  /** Delivers everything, moving the clock to each next delivery. */
  readonly finish: () => Promise<unknown>;
  readonly clock: { readonly advance: (seconds: number) => Promise<unknown> };
}

/** A home with everything that the vectors need. */
export interface Vectors extends Home {
  /** The task of `add`. */
  readonly plus: Task<[x: number, y: number, more?: number], number>;
  readonly add: Sign;
  readonly addI: Sign;
  readonly id: Sign;
  readonly idI: Sign;
  readonly sum: Sign;
  readonly args: Sign;
  readonly noneI: Sign;
  readonly boom: Sign;
  readonly repAdd: Sign;
  readonly repGroup: Sign;
  readonly repChain: Sign;
  readonly repEmpty: Sign;
  readonly addToAll: Sign;
  readonly addsToChord: Sign;
  readonly retry1: Sign;
  readonly alwaysRetry: Sign;
  readonly ignore: Sign;
  readonly reject: Sign;
  readonly ignoreResult: Sign;
  readonly unknown: Sign;
  readonly waits: Sign;
  readonly hooked: Sign;
  readonly unstarted: Sign;
  readonly returnsSet: Sign;
  /** An errback: keeps what it is called with under the label. */
  readonly e: (label: string) => ReturnType<Sign>;
  /** A callback: the same. */
  readonly cb: (label: string, ...args: readonly unknown[]) => ReturnType<Sign>;
  /** What errbacks and callbacks were called with. */
  readonly told: (label: string) => readonly (readonly unknown[])[];
}

class ValueError extends Error {
  override readonly name = "ValueError";
}

class KeyError extends Error {
  override readonly name = "KeyError";
}

const numbers = (values: readonly unknown[]) => values.map(Number);

/** Before a real store, whose clock cannot be moved: the broker's is moved to each next delivery. */
export function homeBefore(backend: Backend): Home {
  let ahead = 0;
  const now = () => Date.now() + ahead;
  const app = new Umbel("tasks", { backend, broker: () => broker, log: () => undefined, platform: { now } });
  const endpoint = worker(app);
  const broker = memoryBroker({ now, deliver: async (push) => await endpoint.fetch(new Request(push.url, push)) });
  const jump = (instant: number) => void (ahead += Math.max(0, instant - now()));
  // Several pushes at a time: a store answers after a while.
  const finish = async () => await Promise.all(Array.from({ length: 8 }, async () => await broker.drain(jump)));
  return { app, finish, clock: { advance: async () => await Promise.resolve() } };
}

/** Declares them. */
export function vectors(home: Home = world()): Vectors {
  const plus = home.app.task(
    { name: "tasks.add", params: ["x", "y", "z"] },
    (x: number, y: number, z = 0) => x + y + z,
  );
  declareValues(home);
  declareReplacing(home, plus);
  declareEndings(home);
  const told = new Map<string, (readonly unknown[])[]>();
  home.app.task("tasks.tell", (...given: unknown[]) => {
    const label = String(given.at(-1));
    told.set(label, [...(told.get(label) ?? []), given.slice(0, -1)]);
    return null;
  });
  return { ...home, ...signed(home), plus, told: (label) => told.get(label) ?? [] };
}

function signed({ app }: Home) {
  const of =
    (name: string): Sign =>
    (...args) =>
      app.signature(`tasks.${name}`, { args });
  const fixed =
    (name: string): Sign =>
    (...args) =>
      immutable(app, app.signature(`tasks.${name}`, { args }));
  return {
    add: of("add"),
    addI: fixed("add"),
    id: of("id"),
    idI: fixed("id"),
    sum: of("sum"),
    args: of("args"),
    noneI: fixed("none"),
    boom: of("boom"),
    repAdd: of("repAdd"),
    repGroup: of("repGroup"),
    repChain: of("repChain"),
    repEmpty: of("repEmpty"),
    addToAll: of("addToAll"),
    addsToChord: of("addsToChord"),
    retry1: of("retry1"),
    alwaysRetry: of("alwaysRetry"),
    ignore: of("ignore"),
    reject: of("reject"),
    ignoreResult: of("ignoreResult"),
    unknown: of("unknown"),
    waits: of("waits"),
    hooked: of("hooked"),
    unstarted: of("unstarted"),
    returnsSet: of("returnsSet"),
    e: (label: string) => of("tell")(label),
    cb: (label: string, ...args: readonly unknown[]) => of("tell")(...args, label),
  };
}

/** The same, taking nothing from the step before. */
export function immutable(app: Umbel, { wire }: AnySignature): ReturnType<Sign> {
  return signature(app, { ...wire, immutable: true });
}

function declareValues({ app }: Home): void {
  app.task("tasks.id", (x: unknown) => x);
  app.task("tasks.sum", (values: readonly unknown[]) => numbers(values).reduce((total, each) => total + each, 0));
  app.task({ name: "tasks.args", kwargs: looseObject({}) }, (...all: unknown[]) => [all.slice(0, -1), all.at(-1)]);
  app.task("tasks.none", () => "na");
  app.task("tasks.boom", (...given: unknown[]) => {
    throw new ValueError(given.length === 0 ? "boom" : `boom ${given.map((each) => JSON.stringify(each)).join(", ")}`);
  });
  // What JSON has no form for: the compiler would refuse it, a message's sender cannot know.
  const set: unknown = new Set([1]);
  app.task("tasks.returnsSet", () => set);
}

function declareReplacing({ app }: Home, plus: Vectors["plus"]): void {
  const none = [plus.si(1, 1)].slice(1);
  const all = (ns: unknown, v: unknown) => listOf(ns).map((n) => plus.si(Number(n), Number(v)));
  const replacing = (name: string, replace: (task: BoundTask, ...args: unknown[]) => unknown) =>
    app.task({ name: `tasks.${name}`, bind: true }, async (task, ...args: unknown[]): Promise<unknown> => {
      return await replace(task, ...args);
    });
  replacing("repAdd", (task, x, y) => task.replace(plus.si(Number(x), Number(y))));
  replacing("repChain", (task, x) => task.replace(chain(plus.si(Number(x), 1), plus.s(10))));
  replacing("repEmpty", (task) => task.replace(chain(...none)));
  replacing("repGroup", (task, ns, v) => task.replace(group(all(ns, v))));
  replacing("addToAll", (task, ns, v) => task.replace(group(all(ns, v))));
  replacing("addsToChord", async (task, ns, v) => {
    for (const member of all(ns, v)) await task.addToChord(member);
    return 0;
  });
}

function throws(): never {
  throw new ValueError("hook");
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function declareEndings({ app }: Home): void {
  app.task({ name: "tasks.retry1", bind: true }, (task, x: unknown) =>
    task.request.retries === 0 ? task.retry({ countdown: 1 }) : x,
  );
  app.task({ name: "tasks.alwaysRetry", bind: true, maxRetries: 1 }, (task, key: string | null = null) =>
    task.retry({ countdown: 1, ...(key === null ? {} : { exc: new KeyError(key) }) }),
  );
  app.task("tasks.ignore", (): null => {
    throw new Ignore();
  });
  app.task("tasks.reject", (): null => {
    throw new Reject("unwanted");
  });
  app.task({ name: "tasks.ignoreResult", ignoreResult: true }, (x: unknown) => x);
  app.task({ name: "tasks.waits", bind: true }, async (task, allowJoin: boolean) => {
    const other = await task.delay(app.signature("tasks.id", { args: [1] }));
    return await other.get({ timeout: 1, allowJoin });
  });
  app.task({ name: "tasks.hooked", onSuccess: throws }, () => 5);
  app.task({ name: "tasks.unstarted", beforeStart: throws }, () => 5);
}
