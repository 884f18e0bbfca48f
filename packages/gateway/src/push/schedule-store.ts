/**
 * Keeps the schedules, and sends what they are there for. To be called inside `Database.write`.
 *
 * A message and the next time of its schedule are written together, so that no time is sent twice or lost, whenever the
 * process dies. Of the times that went by while it was not running, one is sent.
 *
 * @module
 */

import type { Database } from "../store/database.ts";
import { limitGiven } from "../store/limit.ts";
import { bytesIn, integerIn, optionalIntegerIn, optionalTextIn, type Row, textIn } from "../store/row.ts";
import { nextAfter } from "./cron.ts";
import type { Draft } from "./message.ts";
import type { MessageStore } from "./message-store.ts";
import type { LastTrigger, Schedule, ScheduleRequest } from "./schedule.ts";

/** The schedules, for those who manage them and for the dispatcher. Instants are milliseconds since 1970. */
export interface ScheduleStore {
  /**
   * Creates it, or puts it in the place of the one with its id. It stays paused if that one is; with the same cron, a time
   * that is due and was not sent yet is sent.
   */
  upsert(schedule: ScheduleRequest, now: number): void;
  find(id: string): Schedule | undefined;
  /** In the order of their creation. */
  list(): readonly Schedule[];
  /** Paused, it sends nothing, also not later. Whether there is such a schedule. */
  pause(id: string, isPaused: boolean, now: number): boolean;
  /** Deletes it; what it has sent goes on. Whether there was one. */
  remove(id: string): boolean;
  /** When the first one is due. */
  next(): number | undefined;
  /** Sends what is due, of a limited number of schedules. Returns why some of them have no next time, for the log. */
  trigger(now: number): readonly string[];
}

/** Creates the store over tables that exist. */
export function createScheduleStore(database: Database, messages: Pick<MessageStore, "accept">): ScheduleStore {
  const schedules = createSchedules(database);
  return { ...schedules, ...createTrigger(database, { accept: messages.accept, find: schedules.find }) };
}

/** The message of the last time is gone when it was delivered, which is recorded, and when it was cancelled. */
const columns = `*, EXISTS (SELECT 1 FROM message WHERE message.id = last_message AND state <> 'FAILED') AS last_waits`;

function createSchedules(database: Database): Omit<ScheduleStore, "next" | "trigger"> {
  const upsert = database.prepare(`
    INSERT INTO schedule (id, cron, next, draft, body, caller_ip, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET cron = excluded.cron, draft = excluded.draft, body = excluded.body, caller_ip = excluded.caller_ip,
      next = CASE WHEN paused THEN NULL WHEN cron = excluded.cron AND next < excluded.next THEN next ELSE excluded.next END`);
  const find = database.prepare(`SELECT ${columns} FROM schedule WHERE id = ?`);
  const list = database.prepare(`SELECT ${columns} FROM schedule ORDER BY seq`);
  const setPaused = database.prepare("UPDATE schedule SET paused = ?2, next = ?3 WHERE id = ?1");
  const remove = database.prepare("DELETE FROM schedule WHERE id = ?");

  function found(id: string): Schedule | undefined {
    const row = find.get(id);
    return row === undefined ? undefined : scheduleIn(row);
  }

  return {
    upsert({ id, cron, draft, body, callerIp = null }, now) {
      upsert.run(id, cron, nextAfter(cron, now) ?? null, JSON.stringify(draft), body, callerIp, now);
    },
    find: found,
    list: () => list.all().map(scheduleIn),
    pause(id, isPaused, now) {
      const schedule = found(id);
      // Resuming what is not paused must not lose a time that is due.
      if (schedule !== undefined && schedule.isPaused !== isPaused)
        setPaused.run(id, Number(isPaused), isPaused ? null : (nextAfter(schedule.cron, now) ?? null));
      return schedule !== undefined;
    },
    remove: (id) => remove.run(id).changes === 1,
  };
}

/** Most schedules that are triggered at a time: the server does nothing else meanwhile. */
const mostTriggers = 100;

type TriggerParts = Pick<MessageStore, "accept"> & Pick<ScheduleStore, "find">;

function createTrigger(database: Database, { accept, find }: TriggerParts): Pick<ScheduleStore, "next" | "trigger"> {
  const first = database.prepare("SELECT next FROM schedule WHERE next IS NOT NULL ORDER BY next LIMIT 1");
  const due = database.prepare(`SELECT id FROM schedule WHERE next <= ? ORDER BY next ${limitGiven}`);
  const move = database.prepare(
    "UPDATE schedule SET next = ?2, last = ?3, last_message = ?4, last_succeeded = 0 WHERE id = ?1",
  );

  function send({ id, draft, body, callerIp }: Schedule, { next, problem }: Following, now: number): readonly string[] {
    const submission = { draft, body, ...(callerIp !== undefined && { callerIp }) };
    const { messageId } = accept(submission, now);
    move.run(id, next ?? null, now, messageId);
    return problem === undefined ? [] : [`the schedule ${id} stops: ${problem}`];
  }

  return {
    next: () => optionalIntegerIn(first.get() ?? { next: null }, "next"),
    trigger(now) {
      const following = createFollowing(now);
      // Read one by one: a body may be long.
      return due.all(now, mostTriggers).flatMap((row) => {
        const schedule = find(textIn(row, "id"));
        return schedule === undefined ? [] : send(schedule, following(schedule.cron), now);
      });
    },
  };
}

/** What follows on a time: the next one, or why there is none. */
interface Following {
  readonly next?: number | undefined;
  readonly problem?: string;
}

/** What follows `now`, told once for each expression: many schedules have the same one. */
function createFollowing(now: number): (cron: string) => Following {
  const told = new Map<string, Following>();
  return (cron) => {
    const following = told.get(cron) ?? followingOf(cron, now);
    told.set(cron, following);
    return following;
  };
}

/** One schedule that cannot go on stops no other: another runtime that has opened the file may not know its zone. */
function followingOf(cron: string, now: number): Following {
  try {
    return { next: nextAfter(cron, now) };
  } catch (error) {
    return { problem: String(error) };
  }
}

function scheduleIn(row: Row): Schedule {
  const callerIp = optionalTextIn(row, "caller_ip");
  const next = optionalIntegerIn(row, "next");
  const last = lastIn(row);
  // Sound: only `upsert` writes this column, from a Draft.
  const draft: Draft = JSON.parse(textIn(row, "draft"));
  return {
    id: textIn(row, "id"),
    cron: textIn(row, "cron"),
    draft,
    body: bytesIn(row, "body"),
    createdAt: integerIn(row, "created_at"),
    isPaused: integerIn(row, "paused") === 1,
    ...(callerIp !== undefined && { callerIp }),
    ...(next !== undefined && { next }),
    ...(last !== undefined && { last }),
  };
}

function lastIn(row: Row): LastTrigger | undefined {
  const at = optionalIntegerIn(row, "last");
  if (at === undefined) return undefined;
  const ended = integerIn(row, "last_succeeded") === 1 ? "SUCCESS" : "FAIL";
  return {
    at,
    messageId: textIn(row, "last_message"),
    state: integerIn(row, "last_waits") === 1 ? "IN_PROGRESS" : ended,
  };
}
