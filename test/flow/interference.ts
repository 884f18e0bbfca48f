/**
 * Stands between an application and its ports: notes each call, and lets a test do something just before or after one.
 *
 * What it does may throw: before the call, the port was never reached; after it, the port did its work and the answer
 * is lost.
 *
 * @module
 */

/** Notes and disturbs the calls of the ports that it guards. */
export interface Interference {
  /** Names of the ports' methods, in the order in which they were called. */
  readonly calls: string[];
  /** Does something before the next call of a method, once for each time it is told to. */
  before(method: string, act: () => unknown): void;
  /** Does something after the next call of a method, before its answer is seen. */
  after(method: string, act: () => unknown): void;
  /** The port, with the interference in front of it. */
  guard<Port extends object>(port: Port): Port;
}

interface Act {
  readonly moment: "before" | "after";
  readonly method: string;
  readonly act: () => unknown;
}

/** Makes one that only takes notes until it is told more. */
export function interference(): Interference {
  const calls: string[] = [];
  const acts: Act[] = [];
  return {
    calls,
    before: (method, act) => void acts.push({ moment: "before", method, act }),
    after: (method, act) => void acts.push({ moment: "after", method, act }),
    guard: (port) => new Proxy(port, { get: (target, name) => wrapped(target, String(name)) }),
  };

  function wrapped(target: object, name: string): unknown {
    const member: unknown = Reflect.get(target, name);
    if (typeof member !== "function" || untouched.has(name)) return member;
    return async (...args: unknown[]): Promise<unknown> => {
      calls.push(name);
      await play("before", name);
      const answer: unknown = await Reflect.apply(member, target, args);
      await play("after", name);
      return answer;
    };
  }

  async function play(moment: Act["moment"], method: string): Promise<void> {
    const next = acts.findIndex((each) => each.moment === moment && each.method === method);
    const [found] = next === -1 ? [] : acts.splice(next, 1);
    await found?.act();
  }
}

/** Methods that answer at once, or with a stream. */
const untouched: ReadonlySet<string> = new Set(["openFailure", "watch", "drain", "deliverNext"]);
