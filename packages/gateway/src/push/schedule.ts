/**
 * What is sent again and again (qstash.md section 8).
 *
 * @module
 */

import type { Draft } from "./message.ts";

/** A schedule as it is asked for. */
export interface ScheduleRequest {
  readonly id: string;
  /** See cron.ts. */
  readonly cron: string;
  /** Of each message; it names the schedule. */
  readonly draft: Draft;
  readonly body: Uint8Array;
  readonly callerIp?: string;
}

/** A schedule as it is kept. Instants are milliseconds since 1970. */
export interface Schedule extends ScheduleRequest {
  readonly createdAt: number;
  readonly isPaused: boolean;
  /** Absent while it is paused. */
  readonly next?: number;
  /** Absent before the first time. */
  readonly last?: LastTrigger;
}

/** The last time that a schedule sent its message, and what has become of that. */
export interface LastTrigger {
  readonly at: number;
  readonly messageId: string;
  /** FAIL also when it was cancelled. */
  readonly state: "IN_PROGRESS" | "SUCCESS" | "FAIL";
}
