/**
 * Records as operators see them.
 *
 * @module
 */

import type { ActiveTask, TaskRecordView } from "@umbel/protocol";
import type { ExpiringMap } from "./expiring.ts";
import type { Placed } from "./listing.ts";
import type { TaskRecord } from "./record.ts";

/** Those that are held under a live lease, placed by its end. */
export function activeIn(
  records: ExpiringMap<TaskRecord>,
  now: number,
): readonly (Placed & { readonly task: ActiveTask })[] {
  return records.entries().flatMap(({ key, value: record }) => {
    const { holder, end } = record;
    if (!holder || end || holder.isEarly || holder.leaseUntil <= now) return [];
    const { leaseUntil } = holder;
    return { instant: leaseUntil, name: key, task: { id: key, ...toldOf(record), leaseUntil } };
  });
}

/** Those that an operator has marked, placed by the mark's end. */
export function revokedIn(records: ExpiringMap<TaskRecord>): readonly Placed[] {
  return records.entries().flatMap(({ key, value, until }) => (value.mark ? { instant: until, name: key } : []));
}

/** One of them; nothing of a task that nobody has heard of. */
export function viewOf(id: string, record: TaskRecord): readonly TaskRecordView[] {
  const { holder, end, mark } = record;
  if (!holder && !end && !mark) return [];
  const lease = holder && { leaseUntil: holder.leaseUntil };
  return [{ id, ...toldOf(record), ...lease, ...(end && { state: end.state }), ...(mark && { mark }) }];
}

function toldOf({ about, holder }: TaskRecord): Pick<ActiveTask, "about" | "startedAt"> {
  const startedAt = holder?.startedAt;
  return { ...(about !== undefined && { about }), ...(startedAt !== undefined && { startedAt }) };
}
