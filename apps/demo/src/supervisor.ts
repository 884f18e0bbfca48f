/**
 * Keeps parts running: starts each, waits until it answers, starts it again when it dies.
 *
 * @module
 */

import { setTimeout as sleep } from "node:timers/promises";
import { startPart, type PartProcess } from "./part-process.ts";
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

/** Milliseconds for a part to answer. */
const patience = 30_000;
/** Milliseconds before a part is started again. */
const pause = 300;
/** A part that dies more often within a minute is given up. */
const mostDeaths = 5;

/** Makes a supervisor of nothing yet. */
export function supervise(runtime: Runtime, screen: Screen): Supervisor {
  const running = new Map<Part["name"], PartProcess>();
  const deaths = deathRegister();
  let isStopping = false;
  let giveUp: (reason: Error) => void;
  const failed = new Promise<never>((_, reject) => void (giveUp = reject));
  failed.catch(() => undefined); // Whoever waits for it hears of it; it may be nobody.

  function launch(part: Part, hear: (line: string) => void): PartProcess {
    const process = startPart(part, runtime, (line) => void (isStopping || hear(line)));
    running.set(part.name, process);
    return process;
  }

  /** What a part writes before it answers is shown only if it never does. */
  async function start(part: Part): Promise<void> {
    const held: string[] = [];
    let isUp = false;
    const process = launch(part, (line) => (isUp ? screen.log(part.name, line) : held.push(line)));
    const outcome = await Promise.race([answers(part.url), process.ended]);
    if (outcome !== "up") throw new Error([`${part.name} did not start: ${outcome}`, ...held].join("\n"));
    isUp = true;
    void keep(part, process);
  }

  async function keep(part: Part, process: PartProcess): Promise<void> {
    const how = await process.ended;
    await sleep(pause); // Ctrl-C in a terminal reaches the parts first: then this is no death to tell of.
    if (isStopping) return undefined;
    screen.log(part.name, `has died (${how}): starting it again, same ports, same data`);
    if (deaths.areTooMany(part.name)) return giveUp(new Error(`${part.name} dies again and again`));
    return await keep(
      part,
      launch(part, (line) => screen.log(part.name, line)),
    );
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

/** Resolves with `up` once a server answers, whatever it answers; else with what is wrong, in words. */
async function answers(url: string): Promise<string> {
  const giveUpAt = Date.now() + patience;
  while (Date.now() < giveUpAt) {
    const response = await fetch(url, { signal: AbortSignal.timeout(1000) }).catch(() => undefined);
    await response?.body?.cancel();
    if (response !== undefined) return "up";
    await sleep(50);
  }
  return `no answer at ${url} within ${patience / 1000} s`;
}
