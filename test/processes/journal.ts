/**
 * What bodies of tasks write down while they run, in a Redis of its own: nothing of the product knows it.
 *
 * Who kills a process with kill -9 finds here what it had begun. A body can also wait here until the test lets it go on.
 *
 * @module
 */

import { Redis } from "ioredis";
import { setTimeout as sleep } from "node:timers/promises";
import type { Beginning } from "../property/steps.ts";

/** A journal that many processes write. */
export interface Journal {
  /** Adds a line under a label. */
  note(label: string, line: string): Promise<void>;
  /** Lines under a label, oldest first. */
  read(label: string): Promise<readonly string[]>;
  /** Lines of many labels, by label. */
  readAll(labels: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>>;
  /** Counts a beginning of a step; answers how often the same call had begun before. */
  begin(beginning: Beginning): Promise<number>;
  /** All that has begun. */
  beginnings(): Promise<readonly Beginning[]>;
  /** Lets every body go on that waits at this gate, now and later. */
  open(gate: string): Promise<void>;
  /** Resolves once the gate is open. */
  pass(gate: string): Promise<void>;
  close(): void;
}

/** Opens the journal in this Redis. */
export function openJournal(url: string): Journal {
  const redis = new Redis(url, { lazyConnect: true });
  const read = async (label: string): Promise<readonly string[]> => await redis.lrange(`lines:${label}`, 0, -1);
  return {
    read,
    note: async (label, line) => void (await redis.rpush(`lines:${label}`, line)),
    readAll: async (labels) =>
      new Map(await Promise.all(labels.map(async (each) => [each, await read(each)] as const))),
    async begin(beginning) {
      const counted = await redis
        .multi()
        .hincrby("begun", beginning.id, 1)
        .rpush("beginnings", JSON.stringify(beginning))
        .exec();
      return Number(counted?.[0]?.[1]) - 1;
    },
    beginnings: async () => (await redis.lrange("beginnings", 0, -1)).map((each): Beginning => JSON.parse(each)),
    open: async (gate) => void (await redis.set(`gate:${gate}`, "open")),
    async pass(gate) {
      while ((await redis.exists(`gate:${gate}`)) === 0) await sleep(20);
    },
    close: () => redis.disconnect(),
  };
}
