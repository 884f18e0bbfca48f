/**
 * Messages that a broker has accepted and that no worker holds, page by page.
 *
 * The broker knows when a message is due and whether a delivery of it is open; the store knows whether its task is held
 * nevertheless: by a delivery whose connection broke, say, while the broker waits for the time to ask again.
 *
 * @module
 */

import {
  type AcceptedMessage,
  decodePush,
  type MessageQuery,
  readDate,
  type TaskInfo,
  type TaskMessage,
  writeDate,
} from "@umbel/protocol";
import type { Page } from "./control.ts";
import type { Desk } from "./desk.ts";
import { isHeld } from "./held.ts";
import { isHousekeeping } from "./housekeeping.ts";
import { infoOf } from "./message-info.ts";
import { readEach } from "./unread.ts";

/** A message that waits. */
export interface WaitingTask {
  readonly info: TaskInfo;
  /** When it is due, as the broker and the message itself say it: milliseconds since 1970; absent when it is due now. */
  readonly dueAt?: number;
  readonly accepted: AcceptedMessage;
  readonly message: TaskMessage;
}

/** A part of what waits. Throws `BrokerUnavailable`, `BackendUnavailable`, and `NotSupportedError` without a desk. */
export async function waitingPage(desk: Desk, query: MessageQuery): Promise<Page<WaitingTask>> {
  const { messages, cursor } = await desk.broker().accepted(query);
  const { items, unread } = await readEach(
    messages.filter(({ isOpen }) => !isOpen),
    async (accepted) => ({ accepted, message: await decodePush(accepted.body) }),
  );
  const shown = items.filter(({ message }) => !isHousekeeping(message.headers.task));
  const held = await heldAmong(
    desk,
    shown.map(({ message }) => message.headers.id),
  );
  const now = desk.app.platform.now();
  const waiting = shown.filter(({ message }) => !held.has(message.headers.id)).map((each) => waitingTask(each, now));
  return { items: waiting, unread, ...(cursor === undefined ? {} : { cursor }) };
}

/** A date as it is shown. */
export function etaOf({ dueAt = 0 }: WaitingTask): string {
  return writeDate(dueAt);
}

function placeOf({ queue, retried }: AcceptedMessage) {
  return { queue, redelivered: retried > 0 };
}

/** A leg of a long wait is due before its task is. */
function waitingTask({ accepted, message }: Pick<WaitingTask, "accepted" | "message">, now: number): WaitingTask {
  const { eta } = message.headers;
  const dueAt = Math.max(accepted.notBefore ?? 0, eta === null || eta === undefined ? 0 : readDate(eta));
  const info = infoOf(message, placeOf(accepted));
  return { accepted, message, info, ...(dueAt > now ? { dueAt } : {}) };
}

/** Those of the tasks that a worker holds. */
async function heldAmong(desk: Desk, ids: readonly string[]): Promise<ReadonlySet<string>> {
  if (ids.length === 0 || !desk.app.hasBackend) return new Set();
  const now = desk.app.platform.now();
  const records = await desk.store().records([...new Set(ids)]);
  return new Set(records.filter((record) => isHeld(record, now)).map(({ id }) => id));
}
