/**
 * Lets faults strike the calls that workers make of their ports.
 *
 * @module
 */

import { BackendUnavailable, BrokerUnavailable } from "@umbel/protocol";
import type { Dice } from "./dice.ts";
import { fieldOf } from "./errand.ts";
import type { AimedCall, CallFault } from "./fault.ts";
import type { Ledger } from "./ledger.ts";
import { type Life, type Lives, never } from "./lives.ts";
import type { Outage } from "./outage.ts";
import type { Plan } from "./plan.ts";
import { isPortCall, type PortCall, type PortMethod } from "./port-method.ts";
import type { Turns } from "./turns.ts";

/** The ports. All but the first look into the same store: what takes it away takes all of them. */
export type PortName = "broker" | "backend" | "schedules" | "monitor";

/** A call on its way to a port. */
export interface PortRequest {
  readonly port: PortName;
  readonly call: PortMethod;
  /** The call's first argument. */
  readonly request: unknown;
  /** Makes the call. */
  readonly act: () => unknown;
}

/** What the strikes need. */
export interface StrikeOptions {
  readonly plan: Plan;
  readonly ledger: Ledger;
  readonly lives: Lives;
  readonly turns: Turns;
  readonly outage: Outage;
  readonly random: Dice;
  /** Freezes a worker until another one has its task, or it has waited too long for that. */
  readonly freeze: (life: Life) => void;
}

/** Ends a worker's call as the plan has it. */
export interface Strikes {
  reach(request: PortRequest, life: Life): Promise<unknown>;
}

/** A call that faults strike, and who makes it. */
interface Reaching extends PortRequest {
  readonly call: PortCall;
  readonly nth: number;
  readonly life: Life;
}

/** Longest outage that is drawn, in seconds. */
const longestOutage = 900;

/** Makes the strikes of a plan. */
export function strikesOf(options: StrikeOptions): Strikes {
  return {
    async reach(request, life) {
      const { call } = request;
      if (!isPortCall(call)) return await request.act();
      const nth = options.plan.count(call);
      const reaching = { ...request, call, nth, life };
      const aimed = options.plan.atCall(call, nth, (fault) => canStrike(fault, reaching));
      return await (aimed === undefined ? done(options, reaching) : strike(options, aimed, reaching));
    },
  };
}

function canStrike(fault: CallFault, { port, call, life }: Reaching): boolean {
  if (fault === "outage") return port !== "broker";
  if (fault === "leaseDeath") return call === "claim" || life.isHolder;
  return true;
}

async function strike(options: StrikeOptions, aimed: AimedCall, reaching: Reaching): Promise<unknown> {
  const { life } = reaching;
  if (aimed.fault === "leaseDeath") return await freezeAt(options, aimed, reaching);
  if (aimed.fault === "outage") return await loseStore(options, aimed, reaching);

  options.ledger.note(aimed, life);
  if (aimed.fault === "crashBefore") return await dead(life);
  await done(options, reaching);
  switch (aimed.fault) {
    case "crashAfter":
      return await dead(life);
    case "resend":
      return await done(options, reaching);
    case "loseAnswer":
      throw unreachable(reaching, `The answer to ${reaching.call} was lost`);
  }
}

async function dead(life: Life): Promise<never> {
  life.kill();
  return await never();
}

/** Before the call; at a claim after it, since before it there is no lease. */
async function freezeAt(options: StrikeOptions, aimed: AimedCall, reaching: Reaching): Promise<unknown> {
  const { life, call } = reaching;
  const answer = call === "claim" ? await done(options, reaching) : undefined;
  if (!life.isHolder) return answer;
  options.ledger.note(aimed, life);
  options.freeze(life);
  await life.awake();
  await options.turns.take();
  await life.awake();
  return call === "claim" ? answer : await done(options, reaching);
}

async function loseStore(options: StrikeOptions, aimed: AimedCall, reaching: Reaching): Promise<unknown> {
  const { seconds = 1 + Math.floor(options.random() * longestOutage) } = aimed;
  options.ledger.note({ ...aimed, seconds }, reaching.life);
  options.outage.begin(seconds);
  throw unreachable(reaching, "The store is away");
}

/** The call itself, unless the store is away. */
async function done({ outage, ledger, lives }: StrikeOptions, reaching: Reaching): Promise<unknown> {
  const { port, call, nth, life } = reaching;
  if (port !== "broker" && outage.isOn()) {
    ledger.note({ fault: "outage", call, nth }, life, { follows: true });
    throw unreachable(reaching, "The store is away");
  }
  const answer: unknown = await reaching.act();
  heed(lives, reaching, answer);
  return answer;
}

/** Notes what a worker holds now, and wakes a frozen one whose task it has taken over. */
function heed(lives: Lives, { call, request, life }: Reaching, answer: unknown): void {
  if (call === "finish") {
    life.isHolder = false;
    life.isRunning = false;
  }
  if (call !== "claim" || fieldOf(answer, "fence") === undefined) return;
  life.isHolder = true;
  life.isRunning = fieldOf(answer, "answer") === "run";
  const id = fieldOf(request, "id");
  for (const other of lives.living) if (other !== life && other.taskId === id) other.thaw();
}

function unreachable({ port }: Reaching, message: string): Error {
  return port === "broker" ? new BrokerUnavailable(message) : new BackendUnavailable(message);
}
