/**
 * Changes that all workers go by: switches and lists of the directives, with Celery's answers.
 *
 * @module
 */

import { ImproperlyConfigured } from "@umbel/protocol";
import { changeDirectives, directivesOf, withMember, withoutMembers } from "./change.ts";
import type { Desk } from "./desk.ts";
import { namesOf, type Node, nodesOf } from "./nodes.ts";
import { ownQueues } from "./own-queues.ts";
import { ok, type Replies, repliesOf, type Reply } from "./reply.ts";
import { isAsked, type Whom } from "./whom.ts";

/** Switches task events of all workers. */
export async function switchEvents(desk: Desk, taskEvents: boolean): Promise<Replies> {
  const [nodes, before] = await Promise.all([nodesOf(desk), directivesOf(desk)]);
  await changeDirectives(desk, (now) => (now.taskEvents === taskEvents ? now : { ...now, taskEvents }));
  const word = taskEvents ? "enabled" : "disabled";
  return answered(desk, nodes, (node) => {
    const was = before.taskEvents ?? node?.announced.taskEvents;
    return ok(was === taskEvents ? `task events already ${word}` : `task events ${word}`);
  });
}

/** Has messages of a queue begun again. */
export async function resumeQueue(desk: Desk, queue: string): Promise<Replies> {
  let wasPaused = false;
  await changeDirectives(desk, (now) => {
    const paused = withoutMembers(now.paused, [queue]);
    wasPaused = now.paused?.includes(queue) === true;
    return wasPaused ? { ...now, paused } : now;
  });
  const text = wasPaused ? `add consumer ${queue}` : `already consuming from ${queue}`;
  return answered(desk, await nodesOf(desk), () => ok(text));
}

/** Has none begun. */
export async function pauseQueue(desk: Desk, queue: string): Promise<Replies> {
  await changeDirectives(desk, (now) => {
    const paused = withMember(now.paused, [queue]);
    return paused === now.paused ? now : { ...now, paused };
  });
  const nodes = await nodesOf(desk);
  const known = [...ownQueues(desk.app), ...nodes.flatMap(({ announced }) => announced.queues)];
  const rest = known.includes(queue) ? "" : "; nobody here knows it, and this is kept for when it is used";
  return answered(desk, nodes, () => ok(`no longer consuming from ${queue}${rest}`));
}

/** Has workers begin nothing any more: those that are named, be they online or not, else those of the ones online that are asked. */
export async function drain(desk: Desk, whom: Whom): Promise<Replies> {
  const online = (await nodesOf(desk, whom)).map(({ name }) => name);
  const names = whom.destination ?? online;
  if (names.includes("")) throw new ImproperlyConfigured("A worker's name is empty: give its own, as worker@shop");
  await changeDirectives(desk, (now) => {
    const drained = withMember(now.drained, names);
    return drained === (now.drained ?? drained) && names.length === 0 ? now : { ...now, drained };
  });
  const text = (name: string) => (online.includes(name) ? "shutting down" : absent);
  return repliesOf(names.map((name) => [name, ok(text(name))]));
}

const absent = "not online now: this is kept, and it shuts down when it comes";

/** Has drained workers begin again. */
export async function undrain(desk: Desk, whom: Whom): Promise<Replies> {
  const asked = isAsked(whom);
  let names: readonly string[] = [];
  await changeDirectives(desk, (now) => {
    names = (now.drained ?? []).filter(asked);
    return names.length === 0 ? now : { ...now, drained: withoutMembers(now.drained, names) };
  });
  return repliesOf(names.map((name) => [name, ok("restarting")]));
}

/** An answer of each worker that is online, else of the store. */
export function answered(desk: Desk, nodes: readonly Node[], answer: (node: Node | undefined) => Reply): Replies {
  const byName = new Map(nodes.map((node) => [node.name, node]));
  return repliesOf(namesOf(desk, nodes).map((name) => [name, answer(byName.get(name))]));
}
