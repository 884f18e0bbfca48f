/**
 * Keeps parts running: a part that dies is started again.
 *
 * @module
 */

import { setTimeout as sleep } from "node:timers/promises";
import { launch, type Launch } from "./launch.ts";
import type { Part } from "./plan.ts";
import type { Runtime } from "./runtime.ts";
import type { Screen } from "./screen.ts";

/** Keeps parts running. */
export interface Supervisor {
  /** Starts a part and resolves once it answers. Rejects, with what it wrote, when it does not. */
  start(part: Part): Promise<void>;
  /** Rejects when a part has died too often. Never resolves. */
  readonly failed: Promise<never>;
  /** Ends all parts, the first started last. */
  stop(): Promise<void>;
}

/** Milliseconds before a part is started again. */
const pause = 300;
/** A part that dies more often within a minute is given up. */
const mostDeaths = 5;

/** Makes a supervisor of nothing yet. */
export function supervise(runtime: Runtime, screen: Screen): Supervisor {
  const running = new Map<Part["name"], Launch>();
  const deaths = deathRegister();
  let isStopping = false;
  let giveUp: (reason: Error) => void;
  const failed = new Promise<never>((_, reject) => void (giveUp = reject));
  failed.catch(() => undefined); // Whoever waits for it hears of it; it may be nobody.

  async function start(part: Part): Promise<void> {
    const first = launch(part, runtime, screen);
    running.set(part.name, first);
    const outcome = await first.outcome;
    if (outcome !== "up") throw new Error([`${part.name} did not start: ${outcome}`, ...first.held].join("\n"));
    void keep(part, first);
  }

  async function keep(part: Part, current: Launch): Promise<void> {
    const how = await current.ended;
    await sleep(pause); // Ctrl-C in a terminal reaches the parts first: then this is no death to tell of.
    if (isStopping) return undefined;
    screen.log(part.name, `has died (${how}): it is started again, with the same ports and the same data`);
    if (deaths.areTooMany(part.name)) return giveUp(new Error(`${part.name} dies again and again`));
    const next = launch(part, runtime, screen);
    running.set(part.name, next);
    void next.outcome.then((outcome) => screen.log(part.name, outcome === "up" ? "is back" : next.held.join("\n")));
    return await keep(part, next);
  }

  async function stop(): Promise<void> {
    isStopping = true;
    const [first, ...others] = running.values();
    await Promise.all(others.map(async (each) => await each.stop()));
    await first?.stop();
  }

  return { start, failed, stop };
}

/** Counts deaths: a part that has died too often within a minute will go on dying. */
function deathRegister() {
  const deaths: { readonly name: string; readonly at: number }[] = [];
  return {
    areTooMany(name: string): boolean {
      deaths.push({ name, at: Date.now() });
      return deaths.filter((death) => death.name === name && Date.now() - death.at < 60_000).length > mostDeaths;
    },
  };
}
