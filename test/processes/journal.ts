/**
 * What bodies of tasks write down while they run, in a Redis of its own: nothing of the product knows it.
 *
 * Who kills a process with kill -9 finds here what it had begun. A body can also wait here until the test lets it go on, or
 * until its process is killed.
 *
 * @module
 */

import { Redis } from "ioredis";
import { setTimeout as sleep } from "node:timers/promises";
import type { Addition, Beginning, HookCall, Testimony, Witness } from "../property/witness.ts";

/** A journal that many processes write. */
export interface Journal {
  /** Adds a line under a label. */
  note(label: string, line: string): Promise<void>;
  /** Lines under a label, oldest first. */
  read(label: string): Promise<readonly string[]>;
  /** Lines of many labels, by label. */
  readAll(labels: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>>;
  /** Is told what steps do. */
  readonly witness: Witness;
  /** All that it was told. */
  testimony(): Promise<Testimony>;
  /** Lets every body go on that waits at this gate, now and later. */
  open(gate: string): Promise<void>;
  /** Resolves once the gate is open. */
  pass(gate: string): Promise<void>;
  /** Lays a trap, into which the next body walks that passes by. */
  layTrap(): Promise<void>;
  /** Says which process is in the trap; undefined when there is none. */
  trapped(): Promise<number | undefined>;
  /** Goes on where no trap is laid, and never where one is: it is for this process then. */
  passTrap(pid: number): Promise<void>;
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
    witness: witnessIn(redis),
    testimony: async () => ({
      beginnings: (await redis.lrange("beginnings", 0, -1)).map((each): Beginning => JSON.parse(each)),
      additions: (await redis.lrange("additions", 0, -1)).map((each): Addition => JSON.parse(each)),
      hooks: (await redis.lrange("hooks", 0, -1)).map((each): HookCall => JSON.parse(each)),
    }),
    open: async (gate) => void (await redis.set(`gate:${gate}`, "open")),
    async pass(gate) {
      while ((await redis.exists(`gate:${gate}`)) === 0) await sleep(20);
    },
    layTrap: async () => void (await redis.set("trap", "laid")),
    async trapped() {
      const pid = await redis.lpop("trapped");
      return pid === null ? undefined : Number(pid);
    },
    async passTrap(pid) {
      if ((await redis.del("trap")) === 0) return;
      await redis.rpush("trapped", pid);
      await new Promise(() => undefined);
    },
    close: () => redis.disconnect(),
  };
}

function witnessIn(redis: Redis): Witness {
  return {
    async begun(beginning) {
      const counted = await redis
        .multi()
        .hincrby("begun", `${beginning.id} ${beginning.label}`, 1)
        .rpush("beginnings", JSON.stringify(beginning))
        .exec();
      return Number(counted?.[0]?.[1]) - 1;
    },
    added: async (addition) => await redis.rpush("additions", JSON.stringify(addition)),
    hooked: async (call) => await redis.rpush("hooks", JSON.stringify(call)),
  };
}
