/**
 * Settings as an endpoint shows them to operators: names of tasks and instants, but nothing that a call is given.
 *
 * @module
 */

import { type Application, withoutSaying } from "@umbel/core";
import { repr } from "@umbel/protocol";

/** What an entry of a schedule gives to its calls. Nobody knows which of that is secret. */
const ofCalls: ReadonlySet<string> = new Set(["args", "kwargs", "options"]);

/** Those that differ from the defaults. */
export function shownSettings({ conf }: Pick<Application, "conf">): Readonly<Record<string, unknown>> {
  const { beatSchedule, ...table } = conf.table();
  if (!isRecord(beatSchedule)) return table;
  const entries = Object.entries(beatSchedule).map(([name, entry]) => [name, shownEntry(entry)]);
  return { ...table, beatSchedule: Object.fromEntries(entries) };
}

function shownEntry(entry: unknown): unknown {
  if (!isRecord(entry)) return entry;
  const shown = Object.entries(entry).filter(([name]) => !ofCalls.has(name));
  return { ...Object.fromEntries(shown), task: nameOf(entry["task"]) };
}

/** Of a signature its task's name: it is one of ours, which JSON knows how to write, or in Celery's form. */
function nameOf(task: unknown): unknown {
  const shown: unknown = JSON.parse(JSON.stringify(task ?? null, asShown));
  if (!isRecord(shown)) return shown;
  const { task: name = null } = isRecord(shown["wire"]) ? shown["wire"] : shown;
  return name;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}

/** What JSON has no form for, as Python shows it: a program's own functions are nobody's business; and texts without secrets. */
export function asShown(_name: string, value: unknown): unknown {
  if (typeof value === "string") return withoutAccess(value);
  if (typeof value === "function" || typeof value === "bigint") return repr(value);
  return value instanceof RegExp ? withoutAccess(String(value)) : value;
}

/** The user in an address: some are tokens. */
const user = /(\w:\/\/)[^\s/@?#]{1,1024}@/g;

/** What comes behind its path: signatures and tokens, more often than not. */
const query = /(\w:\/\/[^\s?#]{1,2048}[?#])\S+/g;

const hidden = "********";

function withoutAccess(text: string): string {
  return withoutSaying(text).replace(user, `$1${hidden}@`).replace(query, `$1${hidden}`);
}
