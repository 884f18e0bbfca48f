/**
 * Answers to questions, from what the store and the broker say.
 *
 * @module
 */

import type { ListingRequest, TaskInfo } from "@umbel/protocol";
import { etaOf, waitingPage, type WaitingTask } from "./accepted.ts";
import { activePage } from "./active.ts";
import { listedByNode, nodeFor } from "./by-node.ts";
import { directivesOf } from "./change.ts";
import type { Desk } from "./desk.ts";
import { every } from "./every.ts";
import type { ByNode, Inspect, InspectOptions, ScheduledTask } from "./inspect.ts";
import { namesOf, type Node, nodesOf } from "./nodes.ts";
import { queriedTasks } from "./query-task.ts";
import { isAsked } from "./whom.ts";
import { activeQueuesOf, confOf, registeredBy, reportOf, statsOf } from "./worker-facts.ts";

/** Makes the questions. */
export function inspectOn(desk: Desk, options: InspectOptions = {}): Inspect {
  const { limit, ...whom } = options;
  const nodes = async () => await nodesOf(desk, whom);
  return {
    ping: async () => byName(await nodes(), () => ({ ok: "pong" })),
    active: async () => await active(desk, options),
    reserved: async () => await waiting(desk, options, reservedIn),
    scheduled: async () => await waiting(desk, options, scheduledIn),
    revoked: async () => await sharedBy(desk, whom, await every(desk, { limit, what: "the marks" }, revokedPage)),
    clock: async () => await sharedBy(desk, whom, { clock: (await desk.store().counts()).events }),
    queryTask: async (ids) => await queriedTasks(desk, [ids].flat(), whom),
    report: async () => byName(await nodes(), (node) => ({ ok: reportOf(desk, node) })),
    conf: async ({ withDefaults = false } = {}) => byName(await nodes(), (node) => confOf(node, withDefaults)),

    async registered(...attributes) {
      const [online, directives] = await Promise.all([nodes(), directivesOf(desk)]);
      return byName(online, (node) => registeredBy(node, attributes, directives));
    },

    async stats() {
      const [online, { events }] = await Promise.all([nodes(), desk.store().counts()]);
      return byName(online, (node) => statsOf(desk, node, events));
    },

    async activeQueues() {
      const [online, directives] = await Promise.all([nodes(), directivesOf(desk)]);
      return byName(online, (node) => activeQueuesOf(node, directives));
    },
  };

  async function revokedPage(request: ListingRequest) {
    return { ...(await desk.store().revoked(request)), unread: 0 };
  }
}

function byName<Answer>(nodes: readonly Node[], answer: (node: Node) => Answer): ByNode<Answer> {
  return Object.fromEntries(nodes.map((node) => [node.name, answer(node)]));
}

/** What all go by, so that each that is asked gives the same answer. */
async function sharedBy<Answer>(
  desk: Desk,
  whom: Omit<InspectOptions, "limit">,
  answer: Answer,
): Promise<ByNode<Answer>> {
  const names = namesOf(desk, await nodesOf(desk, whom), whom);
  return Object.fromEntries(names.map((name) => [name, answer]));
}

async function active(desk: Desk, { limit, ...whom }: InspectOptions): Promise<ByNode<readonly TaskInfo[]>> {
  const [nodes, tasks] = await Promise.all([
    nodesOf(desk, whom),
    every(desk, { limit, what: "the active tasks" }, async (request) => await activePage(desk, request)),
  ]);
  return listedByNode(
    { nodes, whom },
    tasks.map((info) => [info.hostname ?? "", info]),
  );
}

/** What waits, in one form or the other. All workers must be known, to tell whose a message is. */
async function waiting<Item>(
  desk: Desk,
  { limit, ...whom }: InspectOptions,
  itemIn: (task: WaitingTask) => Item | undefined,
): Promise<ByNode<readonly Item[]>> {
  const [online, items] = await Promise.all([
    nodesOf(desk),
    every(desk, { limit, what: "the messages" }, async (request) => {
      const page = await waitingPage(desk, request);
      return { ...page, items: page.items.flatMap((task) => paired(task, itemIn(task))) };
    }),
  ]);
  const nodeOf = nodeFor(online);
  const asked = isAsked(whom);
  return listedByNode(
    { nodes: online.filter(({ name }) => asked(name)), whom },
    items.map(([{ accepted }, item]) => [nodeOf(accepted), item]),
  );
}

function paired<Item>(task: WaitingTask, item: Item | undefined): readonly (readonly [WaitingTask, Item])[] {
  return item === undefined ? [] : [[task, item]];
}

function reservedIn({ dueAt, info }: WaitingTask): TaskInfo | undefined {
  return dueAt === undefined ? info : undefined;
}

function scheduledIn(task: WaitingTask): ScheduledTask | undefined {
  return task.dueAt === undefined ? undefined : { eta: etaOf(task), priority: 6, request: task.info };
}
