/**
 * Limits that an operator sets, whatever publications say.
 *
 * @module
 */

import type { FlowControl } from "@umbel/protocol";
import { describe, expect, it, type TestContext } from "vitest";
import { needFlowControl, pushesOf } from "./broker-harness.ts";
import { type BrokerDeskHarness, openDesk, type StartBrokerDesk } from "./desk-harness.ts";
import { newId, publicationOf } from "./requests.ts";

/** Tests `pin`. */
export function describePins(start: StartBrokerDesk): void {
  async function open(context: TestContext): Promise<BrokerDeskHarness> {
    const { harness } = await openDesk(start, context);
    needFlowControl(harness, context);
    return harness;
  }

  describe("pin", () => {
    it("holds back what goes beyond it, whatever the newest publication brings", async (context) => {
      const harness = await open(context);
      const key = newId();
      await harness.desk.pin(key, { rate: 1, period: 600 });

      await publish(harness, { key, rate: 100, period: 1 }, 3);
      await pushesOf(harness, 1);
      await harness.pass(1.5);

      expect(harness.pushes).toHaveLength(1);
    });

    it("holds nothing of another key back", async (context) => {
      const harness = await open(context);
      await harness.desk.pin(newId(), { rate: 1, period: 600 });

      await publish(harness, { key: newId(), rate: 100, period: 1 }, 3);

      expect(await pushesOf(harness, 3)).toHaveLength(3);
    });

    it("lets what is waiting go on where it is wider than what publications said", async (context) => {
      const harness = await open(context);
      const key = newId();
      await publish(harness, { key, rate: 1, period: 600 }, 3);
      await pushesOf(harness, 1);

      await harness.desk.pin(key, { rate: 100, period: 600 });

      expect(await pushesOf(harness, 3)).toHaveLength(3);
    });

    it("is replaced by the next", async (context) => {
      const harness = await open(context);
      const key = newId();
      await harness.desk.pin(key, { rate: 1, period: 600 });
      await publish(harness, { key, rate: 1, period: 600 }, 3);
      await pushesOf(harness, 1);

      await harness.desk.pin(key, { rate: 50, period: 600 });

      expect(await pushesOf(harness, 3)).toHaveLength(3);
    });

    it("is taken back: what publications say counts again", async (context) => {
      const harness = await open(context);
      const key = newId();
      await harness.desk.pin(key, { rate: 1, period: 600 });
      await publish(harness, { key, rate: 100, period: 600 }, 2);
      await pushesOf(harness, 1);

      await harness.desk.pin(key, undefined);
      await publish(harness, { key, rate: 100, period: 600 }, 1);

      expect(await pushesOf(harness, 3)).toHaveLength(3);
    });

    it("is taken back where there was none", async (context) => {
      const harness = await open(context);

      await expect(harness.desk.pin(newId(), undefined)).resolves.toBeUndefined();
    });
  });
}

async function publish({ broker }: BrokerDeskHarness, flowControl: FlowControl, count: number): Promise<void> {
  await broker.publish(Array.from({ length: count }, () => publicationOf(newId(), { flowControl })));
}
