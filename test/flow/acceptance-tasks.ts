/**
 * The tasks of the acceptance examples: what a person who knows Celery types on the first day.
 *
 * @module
 */

import { type Backend, type Kwargs, type Task, Umbel } from "umbel";
import * as z from "zod/mini";
import { type World, type WorldOptions, world } from "./world.ts";

/** What the tasks wrote down. */
export interface Notes {
  /** Arguments of each call of `log`. */
  readonly logged: unknown[][];
  /** What `debug` was in each run of `add`. */
  readonly debugged: boolean[];
  /** How often each of them started. */
  readonly ran: { add: number; counter: number; slow: number };
}

/** The tasks of the examples. */
export interface AcceptanceTasks {
  readonly add: Task<[x: number, y: number], number, { debug?: boolean | undefined } & Kwargs>;
  readonly sub: Task<[x: number, y: number], number>;
  readonly mul: Task<[x: number, y: number], number>;
  readonly xsum: Task<[values: readonly number[]], number>;
  readonly counter: Task<[], number>;
  readonly done: Task<[importId: number], number>;
  readonly boom: Task<[], number>;
  readonly foo: Task<[], string>;
  readonly slow: Task<[seconds: number], number>;
  readonly log: Task<readonly unknown[], null>;
  /** Retries by hand, once. */
  readonly div: Task<[x: number, y: number], number>;
}

/** A world with the tasks, and another service on the same broker and store. */
export interface Acceptance extends World, Notes, AcceptanceTasks {
  readonly stranger: Umbel;
}

/** Makes one. */
export function acceptance(options: WorldOptions = {}, wrap?: (backend: Backend) => Backend): Acceptance {
  const home = world(options, wrap);
  const { broker, backend, clock } = home;
  const notes = { logged: [], debugged: [], ran: { add: 0, counter: 0, slow: 0 } };
  const stranger = new Umbel("stranger", { broker, backend, platform: { now: clock.now, sleep: clock.sleep } });
  return { ...home, ...notes, stranger, ...tasksOf(home, notes) };
}

function tasksOf({ app, clock }: World, { logged, debugged, ran }: Notes): AcceptanceTasks {
  return {
    add: app.task(
      { name: "tasks.add", params: ["x", "y"], kwargs: z.object({ debug: z.prefault(z.boolean(), false) }) },
      (x: number, y: number, { debug }) => {
        ran.add += 1;
        debugged.push(debug);
        return x + y;
      },
    ),
    sub: app.task("tasks.sub", (x: number, y: number) => x - y),
    mul: app.task("tasks.mul", (x: number, y: number) => x * y),
    xsum: app.task("tasks.xsum", (values: readonly number[]) => values.reduce((sum, each) => sum + each, 0)),
    counter: app.task("tasks.counter", () => (ran.counter += 1)),
    done: app.task("tasks.done", (importId: number) => importId),
    boom: app.task("tasks.boom", () => {
      throw new Error("Exception Error");
    }),
    foo: app.task("tasks.foo", () => "bar"),
    slow: app.task("tasks.slow", async (seconds: number) => {
      ran.slow += 1;
      await clock.sleep(seconds);
      return seconds;
    }),
    log: app.task("tasks.log", (...args: readonly unknown[]) => {
      logged.push([...args]);
      return null;
    }),
    div: app.task({ name: "tasks.div", bind: true }, (task, x: number, y: number): number => {
      try {
        if (y === 0) throw new RangeError("division by zero");
        return x / y;
      } catch (cause) {
        return task.retry({ countdown: 5, maxRetries: 1, cause });
      }
    }),
  };
}

/** 0 to n - 1. */
export function range(n: number): readonly number[] {
  return Array.from({ length: n }, (_, index) => index);
}
