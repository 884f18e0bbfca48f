/**
 * Flow control: limits that publications with the same key share.
 *
 * @module
 */

import { decodePush, type FlowControl } from "@umbel/protocol";
import { describe, expect, it, type TestContext } from "vitest";
import type { BrokerHarness, StartBroker } from "./broker-harness.ts";
import { needFlowControl, openBroker, pushesOf } from "./broker-harness.ts";
import { newId, publicationOf } from "./requests.ts";

/** Tests what a broker with the trait does with limits. */
export function describeFlowControl(start: StartBroker): void {
  async function open(skip: TestContext["skip"]): Promise<BrokerHarness> {
    const harness = await openBroker(start);
    needFlowControl(harness, { skip });
    return harness;
  }

  describe("flowControl", () => {
    it("begins no more deliveries in a period than the rate allows, and loses none", async ({ skip }) => {
      const harness = await open(skip);
      const instants = instantsOf(harness);

      await publishAll(harness, ["1", "2", "3"], { key: newId(), rate: 2, period: 3 });
      await pushesOf(harness, 3);

      expect(instants).toHaveLength(3);
      // A second for the way: it is where deliveries begin that the rate is kept.
      expect((instants[2] ?? 0) - (instants[0] ?? 0)).toBeGreaterThan(2000);
    });

    it("holds back no other key, and nothing without one", async ({ skip }) => {
      const harness = await open(skip);
      await publishAll(harness, ["used up", "held back"], { key: newId(), rate: 1, period: 600 });
      await publishAll(harness, ["other key"], { key: newId(), rate: 1, period: 600 });
      await harness.broker.publish([publicationOf("no key")]);

      await pushesOf(harness, 3);
      await harness.pass(0.2);

      const messages = await Promise.all(harness.pushes.map(({ body }) => decodePush(body)));
      const ids = messages.map(({ headers }) => headers.id);
      expect(ids.toSorted()).toEqual(["no key", "other key", "used up"]);
    });

    it("sends all that is waiting, one after another, where one may be open at a time", async ({ skip }) => {
      const harness = await open(skip);
      const ids = Array.from({ length: 20 }, newId);
      const most = mostOpenAt(harness);

      await publishAll(harness, ids, { key: newId(), parallelism: 1 });

      const messages = await Promise.all((await pushesOf(harness, 20)).map(({ body }) => decodePush(body)));
      expect(new Set(messages.map(({ headers }) => headers.id))).toEqual(new Set(ids));
      expect(most()).toBe(1);
    });

    it("lets others go on while one waits for its retry, which the limits hold for as well", async ({ skip }) => {
      const harness = await open(skip);
      const instants = instantsOf(harness, { status: 503, headers: { "retry-after": "2" } });

      await publishAll(harness, ["again", "other"], { key: newId(), parallelism: 1 });
      await pushesOf(harness, 3);

      const messages = await Promise.all(harness.pushes.map(({ body }) => decodePush(body)));
      expect(messages[0]?.headers.id).toBe(messages[2]?.headers.id);
      expect(messages[1]?.headers.id).not.toBe(messages[0]?.headers.id);
      expect((instants[2] ?? 0) - (instants[0] ?? 0)).toBeGreaterThan(1000);
    });

    it("has the limits that the newest publication brings", async ({ skip }) => {
      const harness = await open(skip);
      const key = newId();
      await publishAll(harness, ["1", "2"], { key, rate: 1, period: 600 });
      await pushesOf(harness, 1);

      await publishAll(harness, ["3"], { key, rate: 5, period: 600 });

      expect(await pushesOf(harness, 3)).toHaveLength(3);
    });
  });
}

async function publishAll({ broker }: BrokerHarness, ids: readonly string[], flowControl: FlowControl): Promise<void> {
  await broker.publish(ids.map((id) => publicationOf(id, { flowControl })));
}

/** How many pushes have been open at once at most; each is answered a moment after it has come. */
function mostOpenAt(harness: BrokerHarness): () => number {
  let [open, most] = [0, 0];
  harness.answer(async () => {
    open += 1;
    most = Math.max(most, open);
    await new Promise((resolve) => setTimeout(resolve, 5));
    open -= 1;
    return { status: 200 };
  });
  return () => most;
}

/** When pushes come, by the broker's clock; the first is answered as given, the others with 200. */
function instantsOf(
  harness: BrokerHarness,
  first: Parameters<typeof answerOnce>[1] = { status: 200 },
): readonly number[] {
  const instants: number[] = [];
  answerOnce(harness, first, () => void instants.push(harness.now()));
  return instants;
}

function answerOnce(
  harness: BrokerHarness,
  first: { readonly status: number; readonly headers?: Readonly<Record<string, string>> },
  seen: () => void,
): void {
  let count = 0;
  harness.answer(() => {
    seen();
    count += 1;
    return count === 1 ? first : { status: 200 };
  });
}
