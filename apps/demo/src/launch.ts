/**
 * Starts a part and finds out whether it answers.
 *
 * What it writes before it answers is held back: it is of interest only if it never does.
 *
 * @module
 */

import { setTimeout as sleep } from "node:timers/promises";
import { startPart, type PartProcess } from "./part-process.ts";
import type { Part } from "./plan.ts";
import type { Runtime } from "./runtime.ts";
import type { Screen } from "./screen.ts";

/** A part on its way up. */
export interface Launch extends PartProcess {
  /** `up` once it answers; otherwise, in words, how it has ended or that it does not answer. */
  readonly outcome: Promise<string>;
  /** What it wrote before. */
  readonly held: readonly string[];
}

/** Milliseconds for a part to answer. */
const patience = 30_000;

/** Starts a part; once it is up its lines go to the screen. */
export function launch(part: Part, runtime: Runtime, screen: Screen): Launch {
  const held: string[] = [];
  let isUp = false;
  const process = startPart(part, runtime, (line) => {
    if (isUp) screen.log(part.name, line);
    else held.push(line);
  });
  const outcome = Promise.race([answers(part.url), process.ended]);
  void outcome.then((how) => void (isUp = how === "up"));
  return { ...process, outcome, held };
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
