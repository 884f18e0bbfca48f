/**
 * The reference backend: what every other store does, readable in a minute.
 *
 * Values are kept in the form in which a real store keeps them, so that what does not survive JSON does not survive here.
 *
 * @module
 */

import type { Backend, CallerBackend, ResultMeta, ScheduleStore, StoredGroup } from "@umbel/protocol";
import { decodeEffects, encodeEffects, encodeResult } from "@umbel/protocol";
import { chordStore } from "./chords.ts";
import type { ExpiringMap } from "./expiring.ts";
import { expiringMap } from "./expiring.ts";
import { limitRequests } from "./limit-requests.ts";
import type { Step, TaskRecord } from "./record.ts";
import { claim, finish, isHeld, mark, renew, settle } from "./record.ts";
import type { Results } from "./results.ts";
import { resultStore } from "./results.ts";
import { memorySchedules } from "./schedules.ts";
import { textStore, withTexts } from "./texts.ts";

const name = "memory";

/** Options of {@link memoryBackend}. */
export interface MemoryBackendOptions {
  /** The store's clock, in milliseconds since 1970; the platform's when absent. */
  readonly now?: () => number;
  /** Most bytes of one call's request, as JSON: what is larger is refused, as real stores refuse it. Any number when absent. */
  readonly maxRequestSize?: number;
}

/** A backend as {@link memoryBackend} makes it: with the place beside it where an application's beats keep their entries. */
export interface MemoryBackend extends Backend {
  readonly schedules: ScheduleStore;
}

/** Creates a backend that keeps everything in this program's memory. */
export function memoryBackend({ now = Date.now, maxRequestSize }: MemoryBackendOptions = {}): MemoryBackend {
  const { write, remove, ...results } = resultStore(now);
  const texts = textStore(now);
  const { claim: judge, ...held } = deliveries(now, write);
  const attempts = { ...held, claim: withTexts(judge, texts) };
  const backend = { name, ...results, ...attempts, ...chordStore(now), ...texts, ...groupStore(now, remove) };
  if (maxRequestSize === undefined) return { ...backend, schedules: memorySchedules({ now }) };
  return { ...limitRequests(backend, maxRequestSize), schedules: memorySchedules({ now, maxRequestSize }) };
}

/** Where the entries of beats are kept beside such a backend; undefined for another adapter's. */
export function schedulesInMemory(backend: CallerBackend): ScheduleStore | undefined {
  return isMemory(backend) ? backend.schedules : undefined;
}

function isMemory(backend: CallerBackend): backend is MemoryBackend {
  return backend.name === name && "schedules" in backend;
}

/** Who holds which task. Each step reads a record, judges, and writes it back with nothing in between. */
function deliveries(
  now: () => number,
  write: Results["write"],
): Pick<Backend, "claim" | "renew" | "progress" | "finish" | "settle" | "revoke"> {
  const records = expiringMap<TaskRecord>(now);

  return {
    async claim(request) {
      const started = textOf(request.started);
      const { answer, moved } = move(records, request, (record) => claim(record, request, now()));
      if (moved && answer.answer === "run") write(request.id, started, request.retention);
      return answer;
    },

    async renew(request) {
      return move(records, request, (record) => renew(record, request, now())).answer;
    },

    async progress({ id, fence, result, resultExpires }) {
      const held = isHeld(records.get(id) ?? {}, fence);
      if (held) write(id, textOf(result), resultExpires);
      return held;
    },

    async finish(request) {
      const effects = decodeEffects(encodeEffects(request.effects));
      const text = textOf(request.result);
      const { answer, moved } = move(records, request, (record) => finish(record, { ...request, effects }));
      if (moved) write(request.id, text, request.resultExpires);
      return answer;
    },

    async settle(requests) {
      const texts = requests.map(({ result }) => textOf(result));
      for (const [index, request] of requests.entries()) {
        const { moved } = move(records, request, (record) => settle(record, request.state));
        if (moved) write(request.id, texts[index], request.resultExpires);
      }
    },

    async revoke({ ids, terminate, retention }) {
      for (const id of ids) move(records, { id, retention }, (record) => mark(record, terminate));
    },
  };
}

/** What is to be stored is written down before anything is: a value that cannot be stored changes nothing. */
function textOf(result: ResultMeta | undefined): string | undefined {
  return result && encodeResult(result);
}

/**
 * Takes one step with a task's record and keeps it for at least `retention` more seconds. A step that leaves nothing
 * where there was nothing gives no life to it either.
 */
function move<Answer>(
  records: ExpiringMap<TaskRecord>,
  { id, retention }: { readonly id: string; readonly retention: number },
  step: (record: TaskRecord) => Step<Answer>,
): { readonly answer: Answer; readonly moved: boolean } {
  const known = records.get(id);
  const before = known ?? {};
  const { record, answer } = step(before);
  const moved = record !== before;
  if (moved || known) records.keep(id, record, retention);
  return { answer, moved };
}

function groupStore(now: () => number, remove: Results["remove"]): Pick<Backend, "saveGroup" | "group" | "forget"> {
  const groups = expiringMap<StoredGroup>(now);

  return {
    async saveGroup(group, resultExpires) {
      groups.set(group.id, group, resultExpires);
    },

    async group(id) {
      return groups.get(id);
    },

    async forget(ids, gone = []) {
      remove(ids);
      for (const id of gone) groups.delete(id);
    },
  };
}
