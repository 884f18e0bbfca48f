/**
 * Faults of real processes: a gateway before a real Redis, and workers that are killed, frozen, or cut off.
 *
 * The tests run beside each other, since most of their time is the time-outs of what they try.
 */

import { setTimeout as sleep } from "node:timers/promises";
import { decodePush } from "@umbel/protocol";
import { chain, type TaskMessage, WorkerLostError } from "umbel";
import { describe, it } from "vitest";
import { hasRedisServer } from "../redis-server.ts";
import { deadLettersOf } from "./dead-letters.ts";
import type { Journal } from "./journal.ts";
import type { RedisProcess } from "./redis-process.ts";
import type { Passage } from "./relay.ts";
import { eventually, startPart, startStage } from "./stage.ts";

/** Seconds. */
const outage = process.env["UMBEL_TEST_LEVEL"] === "full" ? 30 : 3;

/** Seconds: what is sent on comes at once; what waits for a lease to end takes a minute. */
const soon = 40;

const patience = { timeout: 400_000 };

describe.skipIf(!hasRedisServer).concurrent("a task that outlives the broker's patience", () => {
  it(
    "ends with SUCCESS, though its time-out and all its retries have passed",
    patience,
    async ({ expect, onTestFinished }) => {
      const impatient = { pushTimeout: 1, brokerRetries: 1, lease: 2 };
      const { tasks, journal, pushes } = await startStage(onTestFinished, impatient);
      const result = await tasks.wait.delay("long");
      const answersOf = (path: string) => pushes.filter((each) => each.path === path).map((each) => each.outcome);

      await eventually(() => answersOf("/failed").includes(409), "the broker has given up, and is told to come back");
      await journal.open("long");

      await expect(result.get({ timeout: 60 })).resolves.toBeTypeOf("number");
      await eventually(() => answersOf("/failed").at(-1) === 200, "the failure callback is thanked");
      expect(answersOf("/q/default")).toEqual([200, 409]);
      expect(await begun(journal, "long")).toHaveLength(1);
      expect(await result.state()).toBe("SUCCESS");
    },
  );
});

describe.skipIf(!hasRedisServer).concurrent("what is sent again on purpose", () => {
  it("runs within seconds when a task puts itself back", patience, async ({ expect, onTestFinished }) => {
    const { tasks, journal } = await startStage(onTestFinished);

    const result = await tasks.putBack.delay("once more");

    expect(await result.get({ timeout: soon })).toBe("once more");
    expect(await begun(journal, "once more")).toHaveLength(2);
  });

  it(
    "runs at once when a dead letter of which nobody was told is replayed as it is",
    patience,
    async ({ expect, onTestFinished }) => {
      const { tasks, journal, settings, workers } = await startStage(onTestFinished, { brokerRetries: 0 });
      const letters = deadLettersOf(settings.qstashUrl);
      workers[0]?.kill();
      const result = await tasks.count.delay("untold");
      await eventually(
        async () => (await letters.list()).length === 2,
        "it is given up, and so is its failure callback",
      );
      await workers[0]?.start();

      await letters.retry((await letters.list()).find((each) => each.url.endsWith("/q/default"))?.dlqId);

      expect(await result.get({ timeout: soon })).toBe("untold");
      expect(await begun(journal, "untold")).toHaveLength(1);
    },
  );

  it(
    "runs at once when a dead letter that has failed is replayed under the next generation",
    patience,
    async ({ expect, onTestFinished }) => {
      const stage = await startStage(onTestFinished, { brokerRetries: 0 });
      const { app, tasks, journal, settings, workers } = stage;
      const letters = deadLettersOf(settings.qstashUrl);
      workers[0]?.kill();
      const result = await tasks.count.delay("failed");
      await eventually(
        async () => (await letters.list()).length === 2,
        "it is given up, and so is its failure callback",
      );
      const [letter, callback] = (await letters.list()).toSorted((one, other) => other.url.localeCompare(one.url));
      await workers[0]?.start();
      await letters.retry(callback?.dlqId);
      await expect(result.get({ timeout: soon })).rejects.toThrow(WorkerLostError);

      const again = nextGeneration(await decodePush(letter?.body ?? ""));
      const deduplicationId = `${result.id}:0:${again.properties.generation}`;
      await app.broker.publish([{ message: again, queue: "default", deduplicationId }]);

      await eventually(async () => await result.successful(), "the replay has succeeded");
      expect(await begun(journal, "failed")).toHaveLength(1);
    },
  );
});

describe.skipIf(!hasRedisServer).concurrent("a canvas of more than one publish call", () => {
  /** One publish call starts it, three send its members. */
  const size = 250;

  it.for([1, 2, 3, 4])(
    "loses nothing, and runs nothing twice, when its sender is killed after publish call %i",
    patience,
    async (fatal, { expect, onTestFinished }) => {
      let answered = 0;
      const published = (): void => void ((answered += 1) === fatal && kill());
      const stage = await startStage(onTestFinished, { lease: 2, published });
      const { app, journal, pushes, settings, workers } = stage;
      const producer = startPart(onTestFinished, settings, ["producer-process.ts", String(size), "canvas"]);
      const kill = (): void => (fatal === 1 ? producer.kill("SIGKILL") : workers[0]?.kill());
      await eventually(() => answered >= fatal, "the sender has been killed");
      if (fatal > 1) await workers[0]?.start();

      expect(await app.result("canvas").get({ timeout: 60 })).toBe(size);

      const labels = [...Array.from({ length: size }, (_, index) => `member ${index}`), "total"];
      const runs = await Promise.all(labels.map(async (label) => (await begun(journal, label)).length));
      const cut = await Promise.all(pushes.filter(isCut).map(async (each) => (await decodePush(each.body)).body[0][0]));
      const allowed = labels.map((label) => 1 + cut.filter((each) => each === label).length);
      expect(Math.min(...runs)).toBe(1);
      expect(labels.filter((_, index) => (runs[index] ?? 0) > (allowed[index] ?? 0))).toEqual([]);
    },
  );
});

interface Outage {
  readonly kind: string;
  readonly begin: (redis: RedisProcess) => void;
  readonly end: (redis: RedisProcess) => Promise<void> | void;
}

describe.skipIf(!hasRedisServer).concurrent(`a store that is away for ${outage} s while tasks end`, () => {
  const labels = Array.from({ length: 20 }, (_, index) => `${index}`);
  const followers = labels.map((label) => `after ${label}`);
  const outages: readonly Outage[] = [
    {
      kind: "is killed and started again",
      begin: (redis) => redis.kill(),
      end: async (redis) => await redis.restart(),
    },
    { kind: "is frozen", begin: (redis) => redis.freeze(), end: (redis) => redis.thaw() },
  ];

  it.for(outages)(
    "has every result, and no body has run twice: it $kind",
    patience,
    async ({ begin, end }, { expect, onTestFinished }) => {
      const { tasks, journal, redis, workers } = await startStage(onTestFinished, { storeTimeout: 1 });
      const stranded = () => new Set((workers[0]?.output() ?? "").match(/The end of \S+ could not be stored/g)).size;
      const canvases = labels.map((label) => chain(tasks.wait.si(label), tasks.count.si(`after ${label}`)));
      const results = await Promise.all(canvases.map(async (each) => await each.delay()));
      await eventually(async () => await allHave(journal, labels, "begin"), "every body has begun");

      begin(redis);
      for (const label of labels) await journal.open(label);
      await eventually(async () => await allHave(journal, labels, "end"), "every body has ended");
      await eventually(() => stranded() === labels.length, "no end could be stored");
      await sleep(outage * 1000); // The outage itself, not a wait for something.
      await end(redis);
      const values = await Promise.all(results.map(async (result) => await result.get({ timeout: 60 })));

      expect(values).toEqual(followers);
      const lines = await journal.readAll([...labels, ...followers]);
      const once = ["begin", "end"].map((moment) => `${moment} ${workers[0]?.pid()}`);
      expect([...lines.values()]).toEqual(Array.from({ length: 40 }, () => once));
    },
  );
});

describe
  .skipIf(!hasRedisServer)
  .concurrent("a holder that is frozen beyond its lease, and wakes after the takeover", () => {
    it(
      "is refused: what the other one came to is stored, and sent on once",
      patience,
      async ({ expect, onTestFinished }) => {
        const frail = { workers: 2, lease: 1, relayPatience: 2 };
        const { tasks, journal, workers, pushes } = await startStage(onTestFinished, frail);
        const result = await chain(tasks.wait.si("held"), tasks.count.si("follower")).delay();
        await eventually(async () => (await begun(journal, "held")).length === 1, "a worker has begun");
        const [first] = await begun(journal, "held");
        const holder = workers.find((worker) => worker.pid() === first);
        const other = workers.find((worker) => worker.pid() !== first);

        holder?.freeze();
        await eventually(async () => (await begun(journal, "held")).length === 2, "the other one has taken over");
        await journal.open("held");
        expect(await result.get({ timeout: 60 })).toBe("follower");
        holder?.thaw();
        await eventually(() => holder?.output().includes("another worker's end is stored"), "the first one is refused");

        expect(await begun(journal, "held")).toEqual([holder?.pid(), other?.pid()]);
        expect(await result.parent?.get({ timeout: 60 })).toBe(other?.pid());
        expect(await begun(journal, "follower")).toHaveLength(1);
        const sent = pushes.filter((push) => push.body.includes(`"id":"${result.id}"`));
        expect(new Set(sent.map((push) => push.messageId)).size).toBe(1);
      },
    );
  });

/** The processes that began the body with this label, in order. */
async function begun(journal: Journal, label: string): Promise<readonly number[]> {
  const lines = await journal.read(label);
  return lines.flatMap((line) => (line.startsWith("begin ") ? [Number(line.slice(6))] : []));
}

async function allHave(journal: Journal, labels: readonly string[], moment: "begin" | "end"): Promise<boolean> {
  const noted = await journal.readAll(labels);
  return [...noted.values()].every((lines) => lines.some((line) => line.startsWith(moment)));
}

/** Its process was killed while it was at it: a body that had begun may begin again. */
function isCut({ path, outcome }: Passage): boolean {
  return path.startsWith("/q/") && outcome === "cut";
}

function nextGeneration(message: TaskMessage): TaskMessage {
  const generation = (message.properties.generation ?? 0) + 1;
  return { ...message, properties: { ...message.properties, generation } };
}
