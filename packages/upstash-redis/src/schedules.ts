/**
 * The entries of beats, in the same Redis as results: each call is one request of one command.
 *
 * @module
 */

import {
  BackendUnavailable,
  type CallerBackend,
  type ChangeRequest,
  type EntriesRequest,
  type EntryChange,
  type ScheduleStore,
  type StoredEntry,
} from "@umbel/protocol";
import { besides } from "./keys.ts";
import { changeEntries } from "./scripts/change-entries.ts";
import { dueEntries } from "./scripts/due-entries.ts";
import { listEntries } from "./scripts/list-entries.ts";
import { namedEntries } from "./scripts/named-entries.ts";
import type { Step } from "./scripts/step.ts";
import type { Store } from "./store.ts";
import { isUpstash, type UpstashBackend } from "./upstash.ts";

/** Below the megabyte that Upstash takes at least, with room for the keys and the script. */
const maxRequestSize = 900_000;

/**
 * Where the entries of beats are kept beside a backend that `upstash()` has connected: with its address, its prefix and its
 * timeout. Undefined for another adapter's. `umbel/beat` brings it.
 */
export function upstashSchedules(backend: UpstashBackend): ScheduleStore;
export function upstashSchedules(backend: CallerBackend): ScheduleStore | undefined;
export function upstashSchedules(backend: CallerBackend): ScheduleStore | undefined {
  if (!isUpstash(backend)) return undefined;
  const { store, name } = backend;
  const run = (step: Step, app: string, args: readonly string[]) =>
    runOn(store, step, { keys: keysOf(backend.keys.prefix, app), args });

  return {
    name,
    maxRequestSize,

    async due({ app, within, limit, skip = 0 }) {
      const asked = [Math.round(within * 1000), limit, skip].map(String);
      const [now, plan, rows, more] = await run(dueEntries, app, asked);
      const kept = typeof plan === "string" ? { plan } : {};
      return { now: Number(now), ...kept, entries: entriesIn(rows), more: more === 1 };
    },

    async entries(request) {
      const { app, names } = request;
      const answer = await (names ? run(namedEntries, app, names) : run(listEntries, app, argsOfPage(request)));
      const [now, rows, more] = answer;
      return { now: Number(now), entries: entriesIn(rows), more: more === 1 };
    },

    async change(request) {
      const [now, applied] = await run(changeEntries, request.app, argsOfChanges(request));
      return { now: Number(now), applied: listIn(applied).map((each) => each === 1) };
    },
  };
}

/** All in one slot; what each has is told in scripts/schedule-rows.ts. */
function keysOf(prefix: string, app: string): readonly string[] {
  const base = besides(`${prefix}beat:${app}`);
  return ["versions", "texts", "due", "names", "plan"].map((part) => `${base}:${part}`);
}

async function runOn(store: Store, step: Step, call: Parameters<Store["run"]>[1][number]): Promise<readonly unknown[]> {
  const [reply] = await store.run(step, [call]);
  return listIn(reply);
}

function argsOfPage({ after, limit = -1 }: EntriesRequest): readonly string[] {
  return [after === undefined ? "-" : `(${after}`, String(limit)];
}

function argsOfChanges({ changes, plan }: ChangeRequest): readonly string[] {
  return [marked(plan), ...changes.flatMap(argsOfChange)];
}

function argsOfChange({ name, expected, entry }: EntryChange): readonly string[] {
  const { version, next, text = "" } = entry ?? {};
  return [name, marked(expected), marked(version), next === undefined ? "" : String(next), text];
}

/** An empty text is another thing than none. */
function marked(text: string | undefined): string {
  return text === undefined ? "" : `=${text}`;
}

function entriesIn(rows: unknown): readonly StoredEntry[] {
  const words = listIn(rows).map(String);
  return Array.from({ length: words.length / 4 }, (_, nth) => {
    const [name = "", version = "", text = "", next = ""] = words.slice(nth * 4, nth * 4 + 4);
    return { name, version, text, ...(next === "" ? {} : { next: Number(next) }) };
  });
}

function listIn(reply: unknown): readonly unknown[] {
  if (Array.isArray(reply)) return reply;
  throw new BackendUnavailable(`upstash-redis: a script answered ${JSON.stringify(reply)}`);
}
