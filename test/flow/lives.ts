/**
 * Processes that can be killed, within one program.
 *
 * Each push is handled in a life of its own. A life that is killed is as dead as a process after `kill -9`: whoever
 * waits for it loses the connection, and none of the calls that it makes or awaits has an effect or an answer any more.
 * (Its body may still run in this program; nobody can tell.)
 *
 * @module
 */

import { AsyncLocalStorage } from "node:async_hooks";

/** Lives, and their end. */
export interface Lives {
  /** Runs something as a process of its own; rejects when it is killed. */
  live<Result>(run: () => Promise<Result>): Promise<Result>;
  /** Kills every process that is running. */
  kill(): void;
  /** A port whose calls end with the process that makes them. */
  mortal<Port extends object>(port: Port): Port;
}

interface Life {
  readonly death: AbortController;
}

/** Makes a world without processes. */
export function lives(): Lives {
  const storage = new AsyncLocalStorage<Life>();
  const living = new Set<Life>();
  return { live, kill, mortal };

  async function live<Result>(run: () => Promise<Result>): Promise<Result> {
    const life: Life = { death: new AbortController() };
    living.add(life);
    try {
      return await Promise.race([storage.run(life, run), rejectionOf(life.death.signal)]);
    } finally {
      living.delete(life);
    }
  }

  function kill(): void {
    for (const { death } of living) death.abort(new Error("Connection lost: the process was killed"));
  }

  function mortal<Port extends object>(port: Port): Port {
    return new Proxy(port, { get: (target, name) => wrapped(target, String(name)) });
  }

  function wrapped(target: object, name: string): unknown {
    const member: unknown = Reflect.get(target, name);
    if (typeof member !== "function" || name === "openFailure" || name === "watch") return member;
    return async (...args: unknown[]): Promise<unknown> => {
      const life = storage.getStore();
      if (isDead(life)) return await never;
      const answer: unknown = await Reflect.apply(member, target, args);
      return isDead(life) ? await never : answer;
    };
  }
}

function isDead(life: Life | undefined): boolean {
  return life?.death.signal.aborted ?? false;
}

async function rejectionOf(signal: AbortSignal): Promise<never> {
  return await new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason));
  });
}

const never = new Promise<never>(() => undefined);
