/**
 * Stands between an application and its ports: each call takes its turn, and may go wrong.
 *
 * A call from outside of the workers goes at once; only what a test aims at it strikes it.
 *
 * @module
 */

import type { MemoryBackend, MemoryBroker } from "@umbel/memory";
import type { Acts, Moment } from "./acts.ts";
import type { Ledger } from "./ledger.ts";
import type { Life, Lives } from "./lives.ts";
import { losingReaders, losingWatchers, refuseWhileAway } from "./lost-readers.ts";
import type { Outage } from "./outage.ts";
import { isPortCall, isPortMethod } from "./port-method.ts";
import type { Pulse } from "./pulse.ts";
import type { PortName, PortRequest, Strikes } from "./strikes.ts";
import type { Turns } from "./turns.ts";

/** Both ports of an application; those of its beats and of its operators are beside them. */
export interface Ports {
  readonly broker: MemoryBroker;
  readonly backend: MemoryBackend;
}

/** What the guard needs. */
export interface GuardOptions {
  readonly lives: Lives;
  readonly turns: Turns;
  readonly pulse: Pulse;
  readonly acts: Acts;
  readonly ledger: Ledger;
  readonly outage: Outage;
  readonly strikes: Strikes;
  /** Aborts at the end of the kit. */
  readonly over: AbortSignal;
}

/** Puts the guard in front of all ports. */
export function guardPorts({ broker, backend }: Ports, options: GuardOptions): Ports {
  const { outage } = options;
  const schedules = guard("schedules", backend.schedules);
  const monitor = guard("monitor", losingWatchers(backend.monitor, outage));
  return {
    broker: instead(guard("broker", broker), { desk: guard("broker", broker.desk) }),
    backend: instead(guard("backend", losingReaders(backend, outage)), { schedules, monitor }),
  };

  function guard<Port extends object>(port: PortName, target: Port): Port {
    return new Proxy(target, {
      get(_, property) {
        const member: unknown = Reflect.get(target, property);
        const call = String(property);
        if (typeof member !== "function" || !isPortMethod(call)) return member;
        return async (...args: unknown[]): Promise<unknown> => {
          const act = (): unknown => Reflect.apply(member, target, args.map(endingWith(options.over)));
          return await pass(options, { port, call, request: args[0], act });
        };
      },
    });
  }
}

/** The port, with others in the place of some of its members. */
function instead<Port extends object>(port: Port, members: Partial<Port>): Port {
  return new Proxy(port, { get: (_, name) => Reflect.get(Object.hasOwn(members, name) ? members : port, name) });
}

/** Whoever waits in the store waits no longer than the kit is there. */
function endingWith(over: AbortSignal): (argument: unknown) => unknown {
  return (argument) => (argument instanceof AbortSignal ? AbortSignal.any([argument, over]) : argument);
}

async function pass(options: GuardOptions, request: PortRequest): Promise<unknown> {
  const { lives, turns, pulse, strikes } = options;
  await lives.awake();
  const life = lives.current();
  if (life === undefined) return await perform(options, request, async () => await reach(options, request));
  pulse.beat();
  if (isPortCall(request.call)) await turns.take();
  await life.awake();
  try {
    return await perform(options, { ...request, life }, async () => {
      await life.awake();
      return await strikes.reach(request, life);
    });
  } finally {
    pulse.beat();
    await life.awake();
  }
}

/** A call, and the process that makes it, if it is one. */
interface PassingRequest extends PortRequest {
  readonly life?: Life;
}

/** Counts the call, and does what a test wants done before and after it; notes what of that goes wrong. */
async function perform(
  { acts, ledger }: GuardOptions,
  { call, life }: PassingRequest,
  reached: () => Promise<unknown>,
): Promise<unknown> {
  ledger.calls.push(call);
  ledger.step();
  await act("before");
  const answer = await reached();
  await act("after");
  return answer;

  async function act(moment: Moment): Promise<void> {
    try {
      await acts.play(moment, call);
    } catch (error) {
      if (life !== undefined) ledger.note({ fault: moment, method: call }, life);
      throw error;
    }
  }
}

async function reach({ outage, over }: GuardOptions, { port, act }: PortRequest): Promise<unknown> {
  over.throwIfAborted();
  if (port !== "broker") refuseWhileAway(outage);
  return await act();
}
