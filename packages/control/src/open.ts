/**
 * Opens the control of an application.
 *
 * @module
 */

import { etaOf, waitingPage, type WaitingTask } from "./accepted.ts";
import { activePage } from "./active.ts";
import type { Control, ListedState, PageRequest } from "./control.ts";
import { type ControlledApplication, type ControlOptions, type Desk, deskOf } from "./desk.ts";
import { drain, pauseQueue, resumeQueue, switchEvents, undrain } from "./directed-changes.ts";
import { inspectOn } from "./inspect-answers.ts";
import { setRateLimit, setTimeLimit } from "./limits.ts";
import { nodesOf } from "./nodes.ts";
import { countQueues, knownQueues, purgeQueues } from "./purge.ts";
import { deadPage } from "./letters.ts";
import { replay } from "./replay.ts";
import { ok, repliesOf } from "./reply.ts";
import { revokeIds, revokeStamped } from "./revoke.ts";
import { statusOf } from "./status.ts";

/**
 * Opens the control of an application: what an operator asks and tells. Nothing is connected before something is asked.
 * Every method throws `BackendUnavailable` or `BrokerUnavailable` where what it needs cannot be reached, `NotSupportedError`
 * without a backend, and `ImproperlyConfigured` beside one that shows nothing of itself.
 */
export function control(app: ControlledApplication, options: ControlOptions = {}): Control {
  const desk = deskOf(app, options);
  return {
    inspect: (asked) => inspectOn(desk, asked),
    ping: async (whom) => repliesOf((await nodesOf(desk, whom)).map(({ name }) => [name, ok("pong")])),
    status: async () => await statusOf(desk),

    revoke: async (ids, { terminate = false } = {}) => await revokeIds(desk, ids, terminate),
    terminate: async (ids) => await revokeIds(desk, ids, true),
    revokeByStampedHeaders: async (headers, { terminate = false } = {}) =>
      await revokeStamped(desk, headers, terminate),

    rateLimit: async (task, rate) => await setRateLimit(desk, task, rate),
    timeLimit: async (task, limits) => await setTimeLimit(desk, task, limits),
    enableEvents: async () => await switchEvents(desk, true),
    disableEvents: async () => await switchEvents(desk, false),
    addConsumer: async (queue) => await resumeQueue(desk, queue),
    cancelConsumer: async (queue) => await pauseQueue(desk, queue),
    shutdown: async (whom = {}) => await drain(desk, whom),
    restart: async (whom = {}) => await undrain(desk, whom),

    purge: async (selection = {}) => await purgeQueues(desk, selection),
    purgeCount: async (selection = {}) => await countQueues(desk, selection),
    queues: async () => await knownQueues(desk),

    replay: async (which, how = {}) => await replay(desk, which, how),
    deadLetters: async (filter = {}, request = {}) => await deadPage(desk, filter, request),
    tasks: async (state, request = {}) => await taskPage(desk, state, request),
    async revoked(request = {}) {
      return { ...(await desk.store().revoked(listing(request))), unread: 0 };
    },
  };
}

async function taskPage(desk: Desk, state: ListedState, request: PageRequest) {
  if (state === "active") return await activePage(desk, listing(request));
  const { queues } = request;
  const page = await waitingPage(desk, { ...listing(request), ...(queues === undefined ? {} : { queues }) });
  const isScheduled = state === "scheduled";
  const items = page.items.filter(({ dueAt }) => (dueAt !== undefined) === isScheduled);
  return { ...page, items: items.map((task) => (isScheduled ? withEta(task) : task.info)) };
}

function withEta(task: WaitingTask) {
  return { ...task.info, eta: etaOf(task) };
}

/** A page's size where nothing is said. */
const pageSize = 100;

function listing({ cursor, limit = pageSize }: PageRequest) {
  return { limit, ...(cursor === undefined ? {} : { cursor }) };
}
