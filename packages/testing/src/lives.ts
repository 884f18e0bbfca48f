/**
 * Processes that can be killed or frozen, within one program.
 *
 * Each push is handled in a life of its own. A life that is killed is as dead as a process after `kill -9`: whoever waits
 * for it loses the connection, and none of the calls that it makes or awaits has an effect or an answer any more. (Its
 * body may still run in this program; nobody can tell.) A frozen one does nothing either, until it is thawed.
 *
 * @module
 */

import { openContext } from "@umbel/core";
import { ImproperlyConfigured } from "@umbel/protocol";
import type { Errand } from "./errand.ts";

/** A process. */
export interface Life extends Errand {
  /** Its place in the order in which they began, from 0. */
  readonly number: number;
  /** Whether it holds its task: it has claimed it, and has not stored its end. */
  isHolder: boolean;
  /** Whether it may have begun the task's body, and has not stored its end. */
  isRunning: boolean;
  /** How many of its sleeps nothing but the clock can end. */
  asleep: number;
  readonly isFrozen: boolean;
  /** Aborts when it dies. */
  readonly death: AbortSignal;
  /** Resolves at once, when it is thawed, or never, when it is dead. */
  readonly awake: () => Promise<void>;
  /** Its caller loses the connection; it goes on. */
  readonly disconnect: () => void;
  readonly kill: () => void;
  readonly freeze: () => void;
  readonly thaw: () => void;
}

/** Lives, and whose it is that runs. */
export interface Lives {
  readonly living: ReadonlySet<Life>;
  /** The life in which this is called; undefined for one of another kit. */
  current(): Life | undefined;
  /** Resolves once whoever calls this can go on, whichever kit its life is of: never, where that is dead. */
  awake(): Promise<void>;
  /**
   * Runs something as a process of its own; rejects when it is killed or disconnected. It lives on after the answer for as long
   * as what it asks to `keep` is not settled.
   */
  live<Result>(errand: Errand, run: (keep: Keep) => Promise<Result>): Promise<Result>;
  /** Kills all that live. Whoever wants something to live here afterwards is told why not. */
  end(reason: Error): void;
}

/** Keeps a process going after its answer, as a runtime's `waitUntil` does. */
export type Keep = (work: Promise<unknown>) => void;

/** One for all kits, so that each knows the dead of the others: a body may outlive the kit in which it was killed. */
const context = openContext<Life>();

/** Makes a world without processes. Throws `ImproperlyConfigured` on a runtime without AsyncLocalStorage. */
export function lives(): Lives {
  if (context === undefined) {
    throw new ImproperlyConfigured(
      "The test kit needs AsyncLocalStorage, to tell workers apart; this runtime has none",
    );
  }
  const living = new Set<Life>();
  const own = new WeakSet<Life>();
  let count = 0;
  let over: Error | undefined;
  return {
    living,
    current() {
      const life = context.getStore();
      return life !== undefined && own.has(life) ? life : undefined;
    },
    awake: async () => await context.getStore()?.awake(),
    end(reason) {
      over = reason;
      for (const life of living) life.kill();
    },
    async live(errand, run) {
      if (over !== undefined) throw over;
      const { life, connection } = createLife(errand, count++);
      own.add(life);
      living.add(life);
      const kept: Promise<unknown>[] = [];
      const running = context.run(life, async () => await run((work) => void kept.push(work)));
      life.death.addEventListener("abort", () => living.delete(life));
      void settled(running, kept).then(() => living.delete(life));
      return await Promise.race([running, rejectionOf(connection)]);
    },
  };
}

/** Resolves once it has answered, and all that was to be kept is settled. */
async function settled(answer: Promise<unknown>, kept: Promise<unknown>[]): Promise<void> {
  await Promise.allSettled([answer]);
  while (kept.length > 0) await Promise.allSettled(kept.splice(0));
}

function createLife(errand: Errand, number: number): { readonly life: Life; readonly connection: AbortSignal } {
  const connection = new AbortController();
  const death = new AbortController();
  let frozen: (() => void)[] | undefined;
  const life: Life = {
    ...errand,
    number,
    isHolder: false,
    isRunning: false,
    asleep: 0,
    get isFrozen() {
      return frozen !== undefined;
    },
    death: death.signal,
    async awake() {
      while (life.isFrozen) await new Promise<void>((wake) => void frozen?.push(wake));
      if (death.signal.aborted) await never();
    },
    disconnect: () => connection.abort(new Error("Connection lost")),
    kill() {
      death.abort(new Error("The process was killed"));
      connection.abort(new Error("Connection lost: the process was killed"));
    },
    freeze: () => void (frozen ??= []),
    thaw() {
      const waiting = frozen ?? [];
      frozen = undefined;
      for (const wake of waiting) wake();
    },
  };
  return { life, connection: connection.signal };
}

async function rejectionOf(signal: AbortSignal): Promise<never> {
  return await new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason));
  });
}

/** What the dead wait for. */
export async function never(): Promise<never> {
  return await new Promise<never>(() => undefined);
}

/** Whether a process waits for something outside of the kit. */
export function isBusyElsewhere({ asleep, isFrozen }: Life): boolean {
  return asleep === 0 && !isFrozen;
}
