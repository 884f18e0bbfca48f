/**
 * The names that are there when a shell begins.
 *
 * @module
 */

import {
  AsyncResult,
  chain,
  chord,
  chunks,
  group,
  GroupResult,
  ResultSet,
  signature,
  stamp,
  type Umbel,
  xmap,
  xstarmap,
} from "umbel";
import type { Exports } from "../application/load-module.ts";
import type { Scope } from "./evaluate.ts";

/** The canvas: what Celery's shell has of it. */
const canvas = { chain, chord, chunks, group, signature, stamp, xmap, xstarmap, AsyncResult, GroupResult, ResultSet };

/** What names are made of. */
export interface Loaded {
  readonly app: Umbel;
  readonly exports: Exports;
  /** False: only the application and the canvas. */
  readonly withTasks: boolean;
}

/** The application, the canvas, each task by the last part of its name, and what the module exports. */
export function namesIn({ app, exports, withTasks }: Loaded): Scope {
  const always = { ...canvas, app };
  if (!withTasks) return always;
  const handles = new Map(Object.values(exports).flatMap((each) => (isTask(each) ? [[each.name, each]] : [])));
  const tasks: Scope = {};
  for (const name of app.tasks.keys()) {
    const short = identifierOf(name.slice(name.lastIndexOf(".") + 1));
    const free = short in tasks || short in always ? identifierOf(name) : short;
    tasks[free] = handles.get(name) ?? handleOf(app, name);
  }
  return { ...tasks, ...exports, ...always };
}

/** As a module holds a task, as far as it matters here. */
interface Handle {
  readonly name: string;
}

function isTask(value: unknown): value is Handle {
  return typeof value === "function" && "delay" in value && "applyAsync" in value;
}

/** Of a task that the module does not export. */
function handleOf(app: Umbel, name: string): Handle & Readonly<Record<"delay" | "s" | "si", unknown>> {
  return {
    name,
    delay: async (...args: readonly unknown[]) => await app.sendTask(name, { args }),
    s: (...args: readonly unknown[]) => app.signature(name, { args }),
    si: (...args: readonly unknown[]) => app.signature(name, { args, immutable: true }),
  };
}

/** As a name can be written in JavaScript. */
function identifierOf(name: string): string {
  return name.replaceAll(/[^\w$]/g, "_").replace(/^(?=\d)/, "_");
}
