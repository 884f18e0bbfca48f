/**
 * The reference schedule store.
 *
 * @module
 */

import { type EntryChange, MessageTooLargeError, type ScheduleStore, type StoredEntry } from "@umbel/protocol";
import { byName } from "./name-order.ts";
import { requestSize } from "./request-size.ts";

/** Options of {@link memorySchedules}. */
export interface MemorySchedulesOptions {
  /** The store's clock, in milliseconds since 1970; the platform's when absent. */
  readonly now?: () => number;
  /** Most bytes of one call's request, as JSON: what is larger is refused, as real stores refuse it. Any number when absent. */
  readonly maxRequestSize?: number;
}

/** What is kept for an application. */
interface Kept {
  plan?: string;
  readonly entries: Map<string, StoredEntry>;
}

/** Creates a store that keeps the entries of schedules in this program's memory. */
export function memorySchedules({ now = Date.now, maxRequestSize }: MemorySchedulesOptions = {}): ScheduleStore {
  const apps = new Map<string, Kept>();
  const keptOf = (app: string): Kept => apps.get(app) ?? { entries: new Map() };

  return {
    name: "memory",
    ...(maxRequestSize === undefined ? {} : { maxRequestSize }),

    async due({ app, within, limit, skip = 0 }) {
      const { plan, entries } = keptOf(app);
      const instant = now();
      const due = [...entries.values()].filter(isDueAt(instant + Math.round(within * 1000))).toSorted(byNext);
      const page = { entries: due.slice(skip, skip + limit), more: due.length > skip + limit };
      return { now: instant, ...(plan === undefined ? {} : { plan }), ...page };
    },

    async entries({ app, names, after, limit = Infinity }) {
      const { entries } = keptOf(app);
      if (names) return { now: now(), entries: names.flatMap((name) => entries.get(name) ?? []), more: false };
      const found = [...entries.values()].filter(isAfter(after)).toSorted(byName);
      return { now: now(), entries: found.slice(0, limit), more: found.length > limit };
    },

    async change(request) {
      refuseLarger(request, maxRequestSize);
      const { app, changes, plan } = request;
      const kept = keptOf(app);
      apps.set(app, kept);
      if (plan !== undefined) kept.plan = plan;
      return { now: now(), applied: changes.map((change) => apply(kept.entries, change)) };
    },
  };
}

function isDueAt(instant: number): (entry: StoredEntry) => boolean {
  return ({ next }) => next !== undefined && next <= instant;
}

function isAfter(name: string | undefined): (entry: StoredEntry) => boolean {
  return (entry) => name === undefined || byName(entry, { name }) > 0;
}

function byNext(one: StoredEntry, other: StoredEntry): number {
  return (one.next ?? 0) - (other.next ?? 0) || byName(one, other);
}

/** Whether the entry is as the change says, then. */
function apply(entries: Map<string, StoredEntry>, { name, expected, entry }: EntryChange): boolean {
  const version = entries.get(name)?.version;
  if (version === entry?.version) return true;
  if (version !== expected) return false;
  if (entry === undefined) entries.delete(name);
  else entries.set(name, { ...entry, name });
  return true;
}

function refuseLarger(request: unknown, limit = Infinity): void {
  const size = requestSize(request);
  if (size > limit) throw new MessageTooLargeError(`memory: change has ${size} bytes, the limit is ${limit}`);
}
