/** Whatever goes wrong, each end that is stored is told once, and nothing is told of what is not stored. */

import type { EventBody, FinishRequest } from "@umbel/protocol";
import { chord, Umbel } from "umbel";
import { testKit, type TestKit } from "umbel/testing";
import { describe, expect, it } from "vitest";
import { taskEventsIn } from "./watched.ts";

const seeds = Array.from({ length: process.env["UMBEL_TEST_LEVEL"] === "full" ? 300 : 40 }, (_, seed) => seed);

const faults = {
  drop: 0.08,
  duplicate: 0.15,
  delay: 0.1,
  reorder: 0.1,
  loseAnswer: 0.06,
  resend: 0.08,
  crashBefore: 0.05,
  crashAfter: 0.05,
  leaseDeath: 0.05,
  outage: 0.02,
};

/** Types of events after which nothing more is told of a task, and the states of a reader that they stand for. */
const finals: Readonly<Record<string, string>> = {
  "task-succeeded": "SUCCESS",
  "task-failed": "FAILURE",
  "task-rejected": "FAILURE",
  "task-revoked": "REVOKED",
};

/** An application with a task for each kind of end. */
function shop() {
  const app = new Umbel("shop", { workerSendTaskEvents: true, taskSendSentEvent: true });
  const again = { autoretryFor: [Error], maxRetries: 2, defaultRetryDelay: 1 };
  return {
    app,
    succeed: app.task("shop.succeed", (n: number) => n),
    sum: app.task("shop.sum", (all: readonly number[]) => all.reduce((one, other) => one + other, 0)),
    early: app.task({ name: "shop.early", acksLate: false }, (n: number) => n),
    fail: app.task("shop.fail", (): null => {
      throw new Error("boom");
    }),
    retry: app.task({ name: "shop.retry", ...again }, (): null => {
      throw new Error("boom");
    }),
    reject: app.task({ name: "shop.reject", bind: true }, ({ reject }) => reject("unwanted")),
    requeue: app.task({ name: "shop.requeue", bind: true, maxRequeues: 2 }, ({ reject }) =>
      reject("later", { requeue: true }),
    ),
  };
}

/** Sends some of each; the ids of all. */
async function sendAll({ succeed, sum, early, fail, retry, reject, requeue }: ReturnType<typeof shop>) {
  const late = await succeed.applyAsync([1], { countdown: 60 });
  const whole = await chord([succeed.s(1), succeed.s(2)], sum.s()).delay();
  const singles = [succeed.delay(3), early.delay(4), fail.delay(), retry.delay(), reject.delay(), requeue.delay()];
  const sent = await Promise.all(singles);
  await late.revoke();
  return [late, whole, ...sent].map(({ id }) => id);
}

/** The worker's events of each task, in order. */
async function livesIn(kit: TestKit): Promise<ReadonlyMap<string, readonly EventBody[]>> {
  const told = (await taskEventsIn(kit)).filter(({ type }) => type !== "task-sent");
  return Map.groupBy(told, ({ uuid }) => String(uuid));
}

/** Notes which ends the store has taken, of each attempt by itself, retries and what is put back as well. */
function notingEnds({ backend }: TestKit): ReadonlyMap<string, ReadonlySet<string>> {
  const stored = new Map<string, Set<string>>();
  const before = { ...backend };
  Object.assign(backend, {
    async finish(request: FinishRequest) {
      const answer = await before.finish(request);
      const ends = stored.get(request.id) ?? new Set();
      if (answer.applied) stored.set(request.id, ends.add(JSON.stringify(request.fence)));
      return answer;
    },
  });
  return stored;
}

function isEnd({ type }: EventBody): boolean {
  return type in finals || type === "task-retried";
}

function isFinal({ type, requeue }: EventBody): boolean {
  return type in finals && requeue !== true;
}

function count(events: readonly EventBody[], type: string): number {
  return events.filter((each) => each.type === type).length;
}

describe("each end", () => {
  it.each(seeds)("is told once, and by its type, whatever goes wrong: seed %i", async (seed) => {
    const tasks = shop();
    await using kit = testKit(tasks.app, { seed, faults });
    const stored = notingEnds(kit);
    const ids = await sendAll(tasks);

    await kit.settle();

    const lives = await livesIn(kit);
    expect([...lives.keys()]).toEqual(expect.arrayContaining(ids));
    for (const [id, life] of lives) {
      const ends = life.filter(isFinal);
      expect(ends).toHaveLength(1);
      expect(life.at(-1)).toBe(ends[0]);
      expect(finals[ends[0]?.type ?? ""]).toBe(await tasks.app.result(id).state());
      expect(count(life, "task-received")).toBe(count(life, "task-started"));
      expect(life.filter(isEnd)).toHaveLength(stored.get(id)?.size ?? 0);
    }
  });
});
