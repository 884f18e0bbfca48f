/**
 * What beat remembers between ticks: one small text in the backend.
 *
 * Losing it loses a turn of each entry and doubles none, since a run's id comes from its slot.
 *
 * @module
 */

import type { CallingApplication } from "@umbel/core";
import { parseJson, writeJson } from "@umbel/protocol";
import * as z from "zod/mini";
import type { LastSlots } from "./due.ts";
import type { PlannedEntry } from "./entry.ts";

/** Seconds that the memory outlives the longest interval. */
const retention = 30 * 86_400;

const LastSlotsText: z.ZodMiniType<LastSlots> = z.record(z.string(), z.number());

/** Reads the last slots; none when nothing is stored, or what is stored is not ours. Throws `BackendUnavailable`. */
export async function loadLastSlots(app: CallingApplication): Promise<LastSlots> {
  const text = await app.backend.load(nameOf(app));
  return text === undefined ? {} : readLastSlots(app, text);
}

/** Keeps the last slots of the entries in the plan, and forgets those of others. Throws `BackendUnavailable`. */
export async function saveLastSlots(
  app: CallingApplication,
  plan: readonly PlannedEntry[],
  last: LastSlots,
): Promise<void> {
  const kept = plan.flatMap(({ name }) => (last[name] === undefined ? [] : [[name, last[name]]]));
  const longest = Math.max(0, ...plan.map((entry) => entry.interval)) / 1000;
  await app.backend.save(nameOf(app), writeJson(Object.fromEntries(kept)), Math.ceil(longest) + retention);
}

function readLastSlots(app: CallingApplication, text: string): LastSlots {
  try {
    return z.parse(LastSlotsText, parseJson(text));
  } catch {
    app.logger({ logger: "umbel.beat" }).warning(`What is stored as "${nameOf(app)}" is not beat's: it starts anew`);
    return {};
  }
}

function nameOf(app: CallingApplication): string {
  return `beat:${app.name}`;
}
