/**
 * Finds the application among what a module exports, and the schedule that it is served with.
 *
 * What is looked for is known by what it can do: the module may have another copy of the packages than this program.
 *
 * @module
 */

import type { Umbel } from "umbel";
import type { Beat } from "umbel/beat";
import { CommandError } from "../failure.ts";
import type { Exports } from "./load-module.ts";
import type { ModuleAddress } from "./module-address.ts";

/** What a module has. */
export interface Found {
  /** As it was named. */
  readonly module: string;
  readonly app: Umbel;
  /** All that the module exports. */
  readonly exports: Exports;
  /** What `beat(app, entries)` made, when the module exports one. */
  readonly beat?: Beat;
}

/**
 * The export that is named; else `app`; else the only application, or that of the only schedule. Throws `CommandError` that
 * tells what there is.
 */
export function findApplication(exports: Exports, { module, name }: ModuleAddress): Found {
  if (name !== undefined) return foundIn(exports, { module, name });
  const beats = distinct(Object.values(exports).filter(isBeat));
  const apps = distinct([...Object.values(exports).filter(isApplication), ...beats.map(({ app }) => app)]);
  const app = isApplication(exports["app"]) ? exports["app"] : apps[0];
  if (app === undefined) throw new CommandError(`${module} exports no application: ${told(exports)}`);
  if (app !== exports["app"] && apps.length > 1) {
    throw new CommandError(`${module} exports several applications: say which, as -A ${module}:NAME; ${told(exports)}`);
  }
  return withBeat({ module, app, exports }, beats);
}

function foundIn(exports: Exports, { module, name }: Required<ModuleAddress>): Found {
  const named = exports[name];
  if (isBeat(named)) return { module, app: named.app, exports, beat: named };
  if (!isApplication(named)) {
    const what = Object.hasOwn(exports, name)
      ? `${name} of ${module} is ${kindOf(named)}, not an application`
      : `${module} exports no "${name}"`;
    throw new CommandError(`${what}: ${told(exports)}`);
  }
  return withBeat({ module, app: named, exports }, distinct(Object.values(exports).filter(isBeat)));
}

function withBeat(found: Found, beats: readonly Beat[]): Found {
  const { app, module } = found;
  const [beat, ...others] = beats.filter((each) => each.app === app);
  if (others.length > 0) {
    throw new CommandError(`${module} exports several schedules of ${app.name}: say which, as -A ${module}:NAME`);
  }
  return { ...found, ...(beat !== undefined && { beat }) };
}

/** Whether something is an application, of whatever copy of the packages. */
export function isApplication(value: unknown): value is Umbel {
  const { tasks, conf, finalize }: Partial<Umbel> = Object(value);
  return tasks instanceof Map && typeof conf === "object" && typeof finalize === "function";
}

function isBeat(value: unknown): value is Beat {
  const { tick, scheduled, app }: Partial<Beat> = Object(value);
  return typeof tick === "function" && typeof scheduled === "function" && isApplication(app);
}

function distinct<Thing>(things: readonly Thing[]): readonly Thing[] {
  return [...new Set(things)];
}

/** What a module exports, for people. */
function told(exports: Exports): string {
  const all = Object.entries(exports).map(([name, value]) => `${name} (${kindOf(value)})`);
  return all.length === 0 ? "it exports nothing" : `it exports ${all.join(", ")}`;
}

function kindOf(value: unknown): string {
  if (isApplication(value)) return `the application ${value.name}`;
  if (isBeat(value)) return "a schedule";
  if (typeof value === "function") return "delay" in value ? "a task" : "a function";
  return value === null || value === undefined ? String(value) : `a ${typeof value}`.replace("a object", "an object");
}
