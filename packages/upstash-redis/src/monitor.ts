/**
 * What operators look at and change, in the same Redis: each call is one request.
 *
 * @module
 */

import {
  type CallerBackend,
  ImproperlyConfigured,
  type ListingRequest,
  type MonitorStore,
  type PastRequest,
  type SeenWorker,
} from "@umbel/protocol";
import { announcements } from "./announcements.ts";
import type { BoardKeys } from "./board.ts";
import { countsIn, cursorIn, directivesIn, listIn, pastIn, recordsIn, revokedIn, workerIn } from "./monitor-answer.ts";
import { countAll } from "./scripts/count-all.ts";
import { direct } from "./scripts/direct.ts";
import { listActive } from "./scripts/list-active.ts";
import { listRevoked } from "./scripts/list-revoked.ts";
import { listWorkers } from "./scripts/list-workers.ts";
import { pastEvents } from "./scripts/past-events.ts";
import { showDirectives } from "./scripts/show-directives.ts";
import { showRecords } from "./scripts/show-records.ts";
import type { Step } from "./scripts/step.ts";
import { sha1 } from "./sha1.ts";
import { isUpstash, type UpstashBackend } from "./upstash.ts";

/**
 * What operators look at and change beside a backend that `upstash()` has connected. Undefined for another adapter's.
 * `umbel/control` and `umbel/events` bring it. Throws `ImproperlyConfigured` for a cluster, where nothing of it is kept.
 */
export function upstashMonitor(backend: UpstashBackend): MonitorStore;
export function upstashMonitor(backend: CallerBackend): MonitorStore | undefined;
export function upstashMonitor(backend: CallerBackend): MonitorStore | undefined {
  if (!isUpstash(backend)) return undefined;
  const { board, name, subscribing } = backend;
  const { keys } = board;
  if (!keys)
    throw new ImproperlyConfigured("upstash({ cluster: true }) keeps nothing for operators: see its option `cluster`");
  const [tail, prefix] = ["/0.celeryev/", board.prefix];
  const pattern = { kind: "pattern", name: `${patternOf(prefix)}${tail}*`, beginning: `${prefix}${tail}` } as const;

  return {
    name,
    live: (signal) => announcements(subscribing(), pattern, signal),
    ...eventsAndWorkers(backend, keys),
    ...tasks(backend, keys),
    ...directives(backend, keys),
  };
}

function eventsAndWorkers(
  { store }: UpstashBackend,
  keys: BoardKeys,
): Pick<MonitorStore, "past" | "workers" | "counts" | "leave"> {
  return {
    async past(request) {
      const [reply] = await store.run(pastEvents, [{ keys: [keys.events], args: argsOfPast(request) }]);
      return pastIn(reply, request);
    },

    async workers() {
      // Those that give a sign of life meanwhile move behind all others, and are met again.
      const seen = new Map<string, SeenWorker>();
      for (let at: { readonly cursor?: string } | undefined = {}; at !== undefined;) {
        const args = [...argsOfPage({ ...at, limit: workersAtOnce }), keys.worker, keys.totals];
        const [reply] = await store.run(listWorkers, [{ keys: [keys.workers], args }]);
        const [rows, end] = listIn(reply);
        for (const worker of listIn(rows).map(workerIn)) seen.set(worker.worker, worker);
        at = cursorIn(end);
      }
      return [...seen.values()].toSorted(({ worker: one }, { worker: other }) => (one < other ? -1 : 1));
    },

    async counts() {
      const counted = [keys.workers, keys.active, keys.revoked, keys.told];
      const [reply] = await store.run(countAll, [{ keys: counted, args: [] }]);
      return countsIn(reply);
    },

    async leave(worker) {
      const [said, begun] = [`${keys.worker}${worker}`, `${keys.totals}${worker}`];
      await store.send([
        { size: worker.length, putInto: (pipeline) => void pipeline.zrem(keys.workers, worker) },
        { size: worker.length, putInto: (pipeline) => void pipeline.del(said, begun) },
      ]);
    },
  };
}

/** Most in one answer, which also ends after a megabyte. */
const workersAtOnce = 1000;

function tasks(
  { store, keys: names }: UpstashBackend,
  keys: BoardKeys,
): Pick<MonitorStore, "active" | "records" | "revoked"> {
  const page = async (step: Step, key: string, request: ListingRequest): Promise<readonly unknown[]> => {
    const [reply] = await store.run(step, [{ keys: [key], args: argsOfPage(request) }]);
    return listIn(reply);
  };

  return {
    async active(request) {
      const [rows, end] = await page(listActive, keys.active, request);
      const items = recordsIn(rows).flatMap(({ key, view: { leaseUntil, about, startedAt } = {} }) => {
        if (leaseUntil === undefined) return [];
        const told = { ...(about !== undefined && { about }), ...(startedAt !== undefined && { startedAt }) };
        return [{ id: names.taskOf(key), ...told, leaseUntil }];
      });
      return { items, ...cursorIn(end) };
    },

    async records(ids) {
      if (ids.length === 0) return [];
      const [rows] = await store.run(showRecords, [{ keys: ids.map((id) => names.record(id)), args: [] }]);
      return recordsIn(rows).flatMap(({ key, view }) => (view ? [{ id: names.taskOf(key), ...view }] : []));
    },

    async revoked(request) {
      const [rows, more] = await page(listRevoked, keys.revoked, request);
      const found = revokedIn(rows);
      const last = found.at(-1);
      const items = found.map(({ key }) => names.taskOf(key));
      return more === 1 && last ? { items, cursor: `${last.until} ${last.key}` } : { items };
    },
  };
}

function directives({ store }: UpstashBackend, keys: BoardKeys): Pick<MonitorStore, "directives" | "direct"> {
  return {
    async directives() {
      const [reply] = await store.run(showDirectives, [{ keys: [keys.directives], args: [] }]);
      return directivesIn(reply);
    },

    async direct({ from, text, paused, drained }) {
      const refused = [...paused.map((queue) => `queue:${queue}`), ...drained.map((worker) => `worker:${worker}`)];
      // Of what it was changed from, and to: the same change has the same one when it is made again.
      const revision = await sha1(JSON.stringify([from, text, ...refused]));
      const [reply] = await store.run(direct, [{ keys: [keys.directives], args: [from, revision, text, ...refused] }]);
      return reply === 1 ? { revision, text } : undefined;
    },
  };
}

/** Characters that a pattern means otherwise, after a backslash. */
function patternOf(text: string): string {
  return text.replaceAll(/[*?[\]^\\]/g, "\\$&");
}

/** A place is an instant and a number. Throws `ImproperlyConfigured` for a place that is none in a stream of Redis. */
function argsOfPast({ after, since, newest, limit }: PastRequest): readonly string[] {
  if (after !== undefined && !/^\d{1,16}-\d{1,16}$/.test(after))
    throw new ImproperlyConfigured("upstash: after is the id of no event");
  const isLater = after !== undefined && (since === undefined || Number(after.split("-")[0]) >= since);
  const start = since === undefined ? "-" : String(Math.max(0, Math.ceil(since)));
  return [isLater ? `(${after}` : start, String(limit), newest ? "1" : "0"];
}

function argsOfPage({ cursor = "", limit }: ListingRequest): readonly string[] {
  const gap = cursor.indexOf(" ");
  return [cursor.slice(0, gap), cursor.slice(gap + 1), String(limit)];
}
