/**
 * Puts what is asked for at the same time into one call.
 *
 * A process that serves many requests at once makes the same small call by dozens, and each would be an HTTP request of
 * its own. A call goes at once while few are under way; what comes meanwhile waits for one of these to end, and then goes
 * together. So the more there is to do, the less each costs, and a single call is no later than before.
 *
 * @module
 */

import { UmbelError } from "./umbel-error.ts";
import { outsideOfRequests, type RunWithin, snapshot } from "./run-within.ts";

/** Sends items in one call; an answer for each, in order. */
export type SendItems<Item, Answer> = (items: readonly Item[]) => Promise<readonly Answer[]>;

/** What one call may hold. */
export interface MergeOptions<Item> {
  /** Most calls under way before others wait. */
  readonly calls: number;
  /** Most items that are put together. */
  readonly items: number;
  /** Most of the sum of their sizes. */
  readonly size: number;
  readonly sizeOf: (item: Item) => number;
  /** Milliseconds from asking to the answer, the wait for other calls' ends included; undefined: no limit. */
  readonly limit: number | undefined;
  /** The error for what was asked for longer ago. */
  readonly late: () => Error;
}

/**
 * Makes a function that sends like `send`, together with what others ask for at the same time. What is asked for at once
 * stays in one call, also when it is more than the limits allow. When a merged call fails for good it is made again for
 * each apart, so that nobody hears of another's mistake: to be repeatable is up to `send`. To end every call at some time
 * is up to it, too: until then there is one less for others. What goes alone is sent in the context of who asked for it
 * (AsyncLocalStorage: a request's trace, say), what goes together in that of nobody.
 */
export function mergeCalls<Item, Answer>(
  send: SendItems<Item, Answer>,
  options: MergeOptions<Item>,
): SendItems<Item, Answer> {
  const waiting = new Set<Part<Item, Answer>>();
  let underWay = 0;

  function begin(): void {
    while (underWay < options.calls && waiting.size > 0) {
      const parts = firstOf(waiting, options);
      for (const part of parts) waiting.delete(part);
      void call(parts);
    }
  }

  async function call(parts: readonly Part<Item, Answer>[]): Promise<void> {
    underWay += 1;
    await sendTogether(send, parts);
    underWay -= 1;
    begin();
  }

  function giveUp(part: Part<Item, Answer>): void {
    waiting.delete(part);
    part.reject(options.late());
  }

  return async (items) => {
    if (items.length === 0) return [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    try {
      return await new Promise((resolve, reject) => {
        const part = { items, resolve, reject, within: snapshot() };
        waiting.add(part);
        if (options.limit !== undefined) timer = setTimeout(() => giveUp(part), options.limit);
        // Only then: what others ask for in the same turn is to go with it.
        if (waiting.size === 1) queueMicrotask(begin);
      });
    } finally {
      clearTimeout(timer);
    }
  };
}

/**
 * Whether calls of different requests may be merged here. Not on an edge runtime: what one request has begun ends with
 * it, and another must not wait for it.
 */
export function mayMergeCalls(): boolean {
  return typeof navigator === "object" && /^(?:Node\.js|Bun|Deno)\//.test(navigator.userAgent);
}

/** What one caller has asked for, and how it is told. */
interface Part<Item, Answer> {
  readonly items: readonly Item[];
  readonly resolve: (answers: readonly Answer[]) => void;
  readonly reject: (reason: unknown) => void;
  readonly within: RunWithin;
}

/** Those of the waiting, from the first on, that fit into one call; at least one. */
function firstOf<Item, Answer>(
  waiting: Iterable<Part<Item, Answer>>,
  { items: mostItems, size: largest, sizeOf }: MergeOptions<Item>,
): readonly Part<Item, Answer>[] {
  const first: Part<Item, Answer>[] = [];
  let items = 0;
  let size = 0;
  for (const part of waiting) {
    items += part.items.length;
    size += part.items.reduce((sum, item) => sum + sizeOf(item), 0);
    if (first.length > 0 && (items > mostItems || size > largest)) break;
    first.push(part);
  }
  return first;
}

async function sendTogether<Item, Answer>(
  send: SendItems<Item, Answer>,
  parts: readonly Part<Item, Answer>[],
): Promise<void> {
  try {
    const [first, second] = parts;
    const within = (second ? undefined : first?.within) ?? outsideOfRequests;
    const answers = await within(async () => await send(parts.flatMap((part) => part.items)));
    let at = 0;
    for (const { items, resolve } of parts) resolve(answers.slice(at, (at += items.length)));
  } catch (error) {
    const isLasting = error instanceof UmbelError && !error.transient;
    if (parts.length > 1 && isLasting) await Promise.all(parts.map(async (part) => await sendTogether(send, [part])));
    else for (const { reject } of parts) reject(error);
  }
}
