/**
 * Lets faults strike the calls that workers make of their ports.
 *
 * @module
 */

import { BackendUnavailable, BrokerUnavailable } from "@umbel/protocol";
import type { Dice } from "./dice.ts";
import { fieldOf } from "./errand.ts";
import { type AimedCall, type CallFault, isPortCall, type PortCall } from "./fault.ts";
import type { Ledger } from "./ledger.ts";
import { type Life, type Lives, never } from "./lives.ts";
import type { Outage } from "./outage.ts";
import type { Plan } from "./plan.ts";
import type { Turns } from "./turns.ts";

/** A call on its way to a port. */
export interface PortRequest {
  readonly port: "broker" | "backend";
  readonly call: string;
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
  const { plan, ledger, lives, turns, outage, random, freeze } = options;
  return {
    async reach(request, life) {
      const { call } = request;
      if (!isPortCall(call)) return await request.act();
      const nth = plan.count(call);
      const reaching = { ...request, call, nth, life };
      const aimed = plan.atCall(call, nth, (fault) => canStrike(fault, reaching));
      return aimed === undefined ? await done(reaching) : await struck(aimed, reaching);
    },
  };

  async function struck(aimed: AimedCall, reaching: Reaching): Promise<unknown> {
    switch (aimed.fault) {
      case "leaseDeath":
        return await frozen(aimed, reaching);
      case "outage":
        return await duringOutage(aimed, reaching);
      case "crashBefore":
        ledger.note(aimed, reaching.life);
        reaching.life.kill();
        return await never;
      case "crashAfter":
        ledger.note(aimed, reaching.life);
        await done(reaching);
        reaching.life.kill();
        return await never;
      case "resend":
        ledger.note(aimed, reaching.life);
        await done(reaching);
        return await done(reaching);
      case "loseAnswer":
        ledger.note(aimed, reaching.life);
        await done(reaching);
        throw lost(reaching);
    }
  }

  /** Before the call; at a claim after it, since before it there is no lease. */
  async function frozen(aimed: AimedCall, reaching: Reaching): Promise<unknown> {
    const { life, call } = reaching;
    const answer = call === "claim" ? await done(reaching) : undefined;
    if (!life.isHolder) return answer;
    ledger.note(aimed, life);
    freeze(life);
    await life.awake();
    await turns.take();
    await life.awake();
    return call === "claim" ? answer : await done(reaching);
  }

  async function duringOutage(aimed: AimedCall, reaching: Reaching): Promise<unknown> {
    const { seconds = 1 + Math.floor(random() * longestOutage) } = aimed;
    ledger.note({ ...aimed, seconds }, reaching.life);
    outage.begin(seconds);
    return await done(reaching);
  }

  /** The call itself, unless the store is away. */
  async function done({ port, call, nth, request, act, life }: Reaching): Promise<unknown> {
    if (port === "backend" && outage.isOn()) {
      ledger.note({ fault: "outage", call, nth }, life, { follows: true });
      throw new BackendUnavailable("The store is away");
    }
    const answer: unknown = await act();
    heed(call, { request, answer, life });
    return answer;
  }

  /** Notes what a worker holds now, and wakes a frozen one whose task it has taken over. */
  function heed(call: string, { request, answer, life }: Heeded): void {
    if (call === "finish") {
      life.isHolder = false;
      life.isRunning = false;
    }
    if (call !== "claim" || fieldOf(answer, "fence") === undefined) return;
    life.isHolder = true;
    life.isRunning = fieldOf(answer, "answer") === "run";
    for (const other of lives.living) if (other !== life && other.taskId === fieldOf(request, "id")) other.thaw();
  }
}

interface Heeded {
  readonly request: unknown;
  readonly answer: unknown;
  readonly life: Life;
}

function canStrike(fault: CallFault, { port, call, life }: Reaching): boolean {
  if (fault === "outage") return port === "backend";
  if (fault === "leaseDeath") return call === "claim" || life.isHolder;
  return true;
}

function lost({ port, call }: Reaching): Error {
  const message = `The answer to ${call} was lost`;
  return port === "broker" ? new BrokerUnavailable(message) : new BackendUnavailable(message);
}
