/**
 * Deletes what waits in queues.
 *
 * @module
 */

import { waitingPage } from "./accepted.ts";
import type { QueueSelection } from "./control.ts";
import type { Desk } from "./desk.ts";
import { every } from "./every.ts";
import { nodesOf } from "./nodes.ts";
import { ownQueues } from "./own-queues.ts";

/** Most messages in one call of a broker. */
const mostAtOnce = 100;

/** Deletes the messages that wait in these queues and are not held; returns how many. Throws as `inspect().reserved()`. */
export async function purgeQueues(desk: Desk, selection: QueueSelection): Promise<number> {
  const ids = await waitingIn(desk, selection);
  let count = 0;
  for (let start = 0; start < ids.length; start += mostAtOnce) {
    count += await desk.broker().discard(ids.slice(start, start + mostAtOnce));
  }
  return count;
}

/** How many that would be. */
export async function countQueues(desk: Desk, selection: QueueSelection): Promise<number> {
  return (await waitingIn(desk, selection)).length;
}

/** The queues that an application knows: its own, and those of its workers. */
export async function knownQueues(desk: Desk): Promise<readonly string[]> {
  const online = (await nodesOf(desk)).filter(({ announced }) => announced.app === desk.app.name);
  const served = online.flatMap(({ announced }) => announced.queues);
  return [...new Set([...ownQueues(desk.app), ...served])].toSorted();
}

/** Their names at the broker. */
async function waitingIn(desk: Desk, { queues }: QueueSelection): Promise<readonly string[]> {
  const wanted = queues ?? (await knownQueues(desk));
  const tasks = await every(desk, { what: "the messages" }, async (request) => {
    const page = await waitingPage(desk, { ...request, queues: wanted });
    return { ...page, items: page.items.map(({ accepted }) => accepted.messageId) };
  });
  return [...new Set(tasks)];
}
