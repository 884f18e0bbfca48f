/**
 * Stands between an application and its ports: each call takes its turn, and may go wrong.
 *
 * A call from outside of the workers goes at once; only what a test aims at it strikes it.
 *
 * @module
 */

import { type Backend, BackendUnavailable, type Broker } from "@umbel/protocol";
import type { Acts } from "./acts.ts";
import { isPortCall } from "./fault.ts";
import type { Ledger } from "./ledger.ts";
import type { Lives } from "./lives.ts";
import type { Outage } from "./outage.ts";
import type { Pulse } from "./pulse.ts";
import type { PortRequest, Strikes } from "./strikes.ts";
import type { Turns } from "./turns.ts";

/** Both ports of an application. */
export interface Ports {
  readonly broker: Broker;
  readonly backend: Backend;
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
}

/** Puts the guard in front of both ports. */
export function guardPorts({ broker, backend }: Ports, options: GuardOptions): Ports {
  return { broker: guard("broker", broker), backend: guard("backend", backend) };

  function guard<Port extends object>(port: keyof Ports, target: Port): Port {
    return new Proxy(target, {
      get(_, property) {
        const member: unknown = Reflect.get(target, property);
        const call = String(property);
        if (typeof member !== "function" || untouched.has(call)) return member;
        return async (...args: unknown[]): Promise<unknown> =>
          await pass(options, { port, call, request: args[0], act: () => Reflect.apply(member, target, args) });
      },
    });
  }
}

async function pass(options: GuardOptions, request: PortRequest): Promise<unknown> {
  const { lives, turns, pulse, strikes } = options;
  const life = lives.current();
  if (life === undefined) return await perform(options, request, async () => await reach(options, request));
  await life.awake();
  pulse.beat();
  if (isPortCall(request.call)) await turns.take();
  await life.awake();
  try {
    return await perform(options, request, async () => {
      await life.awake();
      return await strikes.reach(request, life);
    });
  } finally {
    pulse.beat();
    await life.awake();
  }
}

/** Counts the call, and does what a test wants done before and after it. */
async function perform(
  { acts, ledger }: GuardOptions,
  { call }: PortRequest,
  reached: () => Promise<unknown>,
): Promise<unknown> {
  ledger.calls.push(call);
  ledger.step();
  await acts.play("before", call);
  const answer = await reached();
  await acts.play("after", call);
  return answer;
}

async function reach({ outage }: GuardOptions, { port, act }: PortRequest): Promise<unknown> {
  if (port === "backend" && outage.isOn()) throw new BackendUnavailable("The store is away");
  return await act();
}

/** Answers of methods that answer at once, or with a stream, are as they are. */
const untouched: ReadonlySet<string> = new Set(["openFailure", "watch"]);
