/**
 * All entries of code: those that beat was given, those of the setting `beatSchedule`, and those that were added by
 * `app.addPeriodicTask`.
 *
 * @module
 */

import type { AddedEntry, AnySignature, Umbel, When } from "@umbel/core";
import { ImproperlyConfigured } from "@umbel/protocol";
import { beatLogger } from "./desk.ts";
import type { BeatEntries } from "./entry.ts";
import type { Written } from "./entry-fields.ts";
import type { Plan } from "./look.ts";
import type { PlannedEntry } from "./planned-entry.ts";
import { readEntry } from "./read-entry.ts";

/** Gives the plan, once the application has begun. Throws `ImproperlyConfigured` as {@link planner} does. */
export type Planner = () => Promise<Plan>;

/**
 * Reads the entries that beat was given, at once: throws `ImproperlyConfigured` for the first that cannot be. What it
 * returns reads them once more when it is first called, by the settings that hold then, adds those of the other sources, and
 * refuses a name that two of them give.
 */
export function planner(app: Umbel, given: BeatEntries): Planner {
  const entries = Object.entries(given);
  read(app, entries);
  let plan: Plan | undefined;
  return async () => {
    plan ??= await checked(app, merged(app, read(app, entries)));
    plans.set(app, plan);
    return plan;
  };
}

const plans = new WeakMap<object, Plan>();

/** The plan of an application, where beat has begun in this process. */
export function knownPlan(app: object): Plan | undefined {
  return plans.get(app);
}

function read(app: Umbel, entries: Iterable<readonly [name: string, entry: Written]>): Plan {
  return new Map(Array.from(entries, ([name, entry]) => [name, readEntry(app, name, entry)]));
}

function merged(app: Umbel, own: Plan): Plan {
  const sources = [
    ["beat(app, entries)", own],
    ["the setting beatSchedule", read(app, Object.entries(app.conf.beatSchedule))],
    ["app.addPeriodicTask()", read(app, addedTo(app))],
  ] as const;
  const homes = new Map<string, string>();
  for (const [source, plan] of sources) {
    for (const name of plan.keys()) {
      const other = homes.get(name);
      if (other !== undefined) {
        throw new ImproperlyConfigured(`The beat entry "${name}" is given by ${other} and by ${source}: rename one`);
      }
      homes.set(name, source);
    }
  }
  return new Map(sources.flatMap(([, plan]) => Array.from(plan)));
}

/**
 * What was added, by name; nothing is from now on. As in Celery an unnamed call replaces another one that reads the same, with a
 * warning.
 */
function addedTo(app: Umbel): ReadonlyMap<string, Written> {
  const added = new Map<string, Written>();
  app.addPeriodicTask = refuseTask;
  for (const entry of app.periodicTasks) {
    const { name } = entry;
    if (added.has(name) && entry.options.name !== undefined) {
      throw new ImproperlyConfigured(`The beat entry "${name}" is given by app.addPeriodicTask() twice: rename one`);
    }
    const warning = `The periodic task "${name}" replaces another unnamed one: give each a name of its own`;
    if (added.has(name)) app.logger({ logger: beatLogger }).warning(warning);
    added.set(name, writtenIn(entry));
  }
  return added;
}

function refuseTask(...[, signature]: readonly [When, AnySignature, ...unknown[]]): never {
  throw new ImproperlyConfigured(`Beat has begun without ${signature.toString()}: schedules(app).upsert() adds to it`);
}

/** An entry as it would be written elsewhere: its rules, and apart from these the options of its calls. */
function writtenIn({ schedule, task, options: given }: AddedEntry): Written {
  const { name: _name, args, kwargs, timezone, catchup, overlap, startAt, endAt, jitter, enabled, ...options } = given;
  return { task, schedule, args, kwargs, options, timezone, catchup, overlap, startAt, endAt, jitter, enabled };
}

/** Has the schemas of tasks look at their arguments, which takes its time. Throws `ImproperlyConfigured`. */
async function checked(app: Umbel, plan: Plan): Promise<Plan> {
  await Promise.all(Array.from(plan.values(), async (entry) => await checkAccepted(app, entry)));
  return plan;
}

/** What is made for each run is looked at when it is. */
async function checkAccepted({ tasks }: Umbel, { name, spec: { task: call, lazy } }: PlannedEntry): Promise<void> {
  if (lazy === true) return;
  try {
    await tasks.get(call.task)?.accept(call.args, call.kwargs);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ImproperlyConfigured(`args of the beat entry "${name}": ${reason}`, { cause });
  }
}
