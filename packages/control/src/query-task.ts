/**
 * What is known of some tasks.
 *
 * @module
 */

import type { TaskInfo, TaskRecordView } from "@umbel/protocol";
import { etaOf, waitingPage, type WaitingTask } from "./accepted.ts";
import { infoIn } from "./active.ts";
import { nodeFor } from "./by-node.ts";
import type { Desk } from "./desk.ts";
import { every } from "./every.ts";
import { isHeld } from "./held.ts";
import type { ByNode, QueriedTask } from "./inspect.ts";
import { nodesOf } from "./nodes.ts";
import { readEach, tellUnread } from "./unread.ts";
import { isAsked, type Whom } from "./whom.ts";

/** Most ids in one question to the store. */
const mostAtOnce = 500;

/** A task, and the node that knows of it. */
type Known = readonly [node: string, id: string, task: QueriedTask];

/** Asks the store, and the broker for what waits. Throws `BackendUnavailable` and `BrokerUnavailable`. */
export async function queriedTasks(
  desk: Desk,
  ids: readonly string[],
  whom: Whom,
): Promise<ByNode<Readonly<Record<string, QueriedTask>>>> {
  const wanted = [...new Set(ids)];
  const [online, recorded, waiting] = await Promise.all([
    nodesOf(desk),
    recordedIn(desk, wanted),
    waitingIn(desk, wanted),
  ]);
  const nodeOf = nodeFor(online);
  const accepted = waiting.map((each): Known => [nodeOf(each.accepted), each.info.id, ["reserved", infoWithEta(each)]]);
  const isWaiting = new Set(accepted.map(([, id]) => id));
  const known = [...recorded.filter(([, id, [state]]) => state === "active" || !isWaiting.has(id)), ...accepted];
  return byNode(known, online.map(({ name }) => name).filter(isAsked(whom)), isAsked(whom));
}

/** Celery's does not say when it is due: whoever asks why it waits wants to know that. */
function infoWithEta(task: WaitingTask): TaskInfo {
  return task.dueAt === undefined ? task.info : { ...task.info, eta: etaOf(task) };
}

/** By the store's records: held, or neither held nor waiting. */
export async function recordedIn(desk: Desk, ids: readonly string[]): Promise<readonly Known[]> {
  const now = desk.app.platform.now();
  const parts = Array.from({ length: Math.ceil(ids.length / mostAtOnce) }, (_, nth) =>
    ids.slice(nth * mostAtOnce, (nth + 1) * mostAtOnce),
  );
  const records = (await Promise.all(parts.map(async (part) => await desk.store().records(part)))).flat();
  const told = records.filter(({ about }) => about !== undefined);
  const { items, unread } = await readEach(told, (record) => knownBy(record, now));
  tellUnread(desk, unread, "the tasks");
  return items;
}

/** One that has ended is acknowledged, whatever its claim said before it ran. Throws `InvalidMessageError`. */
function knownBy(record: TaskRecordView, now: number): Known {
  const info = record.state === undefined ? infoIn(record) : { ...infoIn(record), acknowledged: true };
  return [info.hostname ?? "", info.id, [isHeld(record, now) ? "active" : "ready", info]];
}

/** By the broker, where that shows its messages. */
async function waitingIn(desk: Desk, ids: readonly string[]): Promise<readonly WaitingTask[]> {
  if (ids.length === 0 || desk.brokerIfAny() === undefined) return [];
  return await every(desk, { what: "the messages" }, async (request) => await waitingPage(desk, { ...request, ids }));
}

function byNode(
  known: readonly Known[],
  online: readonly string[],
  asked: (node: string) => boolean,
): ByNode<Readonly<Record<string, QueriedTask>>> {
  const answers = new Map<string, Map<string, QueriedTask>>(online.map((name) => [name, new Map()]));
  for (const [node, id, task] of known) {
    if (!asked(node)) continue;
    const answer = answers.get(node) ?? new Map<string, QueriedTask>();
    answers.set(node, answer.set(id, task));
  }
  return Object.fromEntries(Array.from(answers, ([node, answer]) => [node, Object.fromEntries(answer)]));
}
