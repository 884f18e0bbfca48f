/**
 * Who holds which task. Each step reads a record, judges, and writes it back with nothing in between.
 *
 * @module
 */

import type { Backend, ResultMeta } from "@umbel/protocol";
import { decodeEffects, encodeEffects, encodeResult } from "@umbel/protocol";
import type { ExpiringMap } from "./expiring.ts";
import type { Notices } from "./notices.ts";
import type { Step, TaskRecord } from "./record.ts";
import { claim, finish, isHeld, mark, renew, settle } from "./record.ts";
import type { Results } from "./results.ts";

/** What deliveries change. */
export interface DeliveriesOptions {
  readonly now: () => number;
  readonly records: ExpiringMap<TaskRecord>;
  readonly write: Results["write"];
  readonly notices: Notices;
}

/** The part of the port that is about them. */
export type Deliveries = Pick<Backend, "claim" | "renew" | "progress" | "finish" | "settle" | "revoke">;

/** Creates it over these records. */
export function deliveries({ now, records, write, notices }: DeliveriesOptions): Deliveries {
  return {
    async claim(request) {
      const { id, notes, retention, early = false } = request;
      const started = textOf(request.started);
      const moment = { now: now(), isPaused: request.declined === true || notices.refuse(notes) };
      const before = records.get(id)?.holder;
      const isRepeated = before?.token === request.token;
      const { answer } = move(records, request, (record) => claim(record, request, moment));
      const isTaken = "fence" in answer && answer !== before?.claim;
      const runs = isTaken && answer.answer === "run";
      if (runs) write(id, started, retention);
      return { ...answer, ...notices.claimed(notes, { isRepeated, isTaken, isBegun: runs && !early }) };
    },

    async renew(request) {
      notices.seen(request.sighting);
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
      if (moved) {
        write(request.id, text, request.resultExpires);
        notices.tell(request.events);
      }
      return answer;
    },

    ...orders(records, write),
  };
}

/** What comes from outside of the attempts. */
function orders(records: ExpiringMap<TaskRecord>, write: Results["write"]): Pick<Backend, "settle" | "revoke"> {
  return {
    async settle(requests) {
      const texts = requests.map(({ result }) => textOf(result));
      for (const [index, request] of requests.entries()) {
        const { moved } = move(records, request, (record) => settle(record, request));
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
