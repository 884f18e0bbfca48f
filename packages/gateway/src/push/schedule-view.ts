/**
 * Schedules as the API shows them (qstash.md section 8).
 *
 * @module
 */

import { templateView, type View } from "./message-view.ts";
import type { Schedule } from "./schedule.ts";

/** Shows a schedule, without what its publisher wants nobody to see. */
export function scheduleView({ id, cron, draft, body, last, ...schedule }: Schedule): View {
  return {
    scheduleId: id,
    cron,
    createdAt: schedule.createdAt,
    destination: draft.url,
    ...templateView(draft, body),
    retries: draft.retries,
    ...(draft.delay > 0 && { delay: draft.delay }),
    callerIP: schedule.callerIp,
    isPaused: schedule.isPaused,
    lastScheduleTime: last?.at,
    nextScheduleTime: schedule.next,
    ...(last !== undefined && { lastScheduleStates: { [last.messageId]: last.state } }),
  };
}
