/**
 * Tasks by the node that holds them, or would get them.
 *
 * @module
 */

import type { HeldMessage } from "@umbel/protocol";
import type { ByNode } from "./inspect.ts";
import type { Node } from "./nodes.ts";
import { isAsked, type Whom } from "./whom.ts";

/**
 * Items by their nodes; each node that is online has a list, be it empty, and one that is not has one when it has items. Only
 * those that are asked.
 */
export function listedByNode<Item>(
  { nodes, whom }: { readonly nodes: readonly Node[]; readonly whom: Whom },
  items: readonly (readonly [node: string, item: Item])[],
): ByNode<readonly Item[]> {
  const asked = isAsked(whom);
  const lists = new Map<string, Item[]>(nodes.map(({ name }) => [name, []]));
  for (const [node, item] of items) {
    if (!asked(node)) continue;
    const list = lists.get(node) ?? [];
    lists.set(node, list);
    list.push(item);
  }
  return Object.fromEntries(lists);
}

/**
 * Whose message it is: of the worker that is online at its address, else of one that takes its queue, else of whoever is at
 * that address.
 */
export function nodeFor(nodes: readonly Node[]): (message: Pick<HeldMessage, "queue" | "target">) => string {
  const byUrl = new Map(
    nodes.flatMap(({ name, announced }) => (announced.url ? [[baseUrlOf(announced.url), name]] : [])),
  );
  const byQueue = new Map(nodes.flatMap(({ name, announced }) => announced.queues.map((queue) => [queue, name])));
  return ({ target, queue }) => byUrl.get(baseUrlOf(target)) ?? byQueue.get(queue) ?? target;
}

/** Without a slash at its end. */
function baseUrlOf(url: string): string {
  return url.replace(/\/+$/, "");
}
