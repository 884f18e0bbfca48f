/**
 * Pushes are believed only when the broker signed them, for this very URL (delivery.md 24).
 *
 * @module
 */

import { describe, expect, it } from "vitest";
import type { Push } from "@umbel/protocol";
import type { BrokerHarness, StartBroker } from "./broker-harness.ts";
import { asPush, onlyPushOf, openBroker } from "./broker-harness.ts";
import { newId, publicationOf } from "./requests.ts";

/** Tests `verify` and `openFailure`. */
export function describeVerifying(start: StartBroker): void {
  describe("verify", () => {
    it("accepts a push for one of the worker's URLs", async () => {
      const { broker, push } = await openWithPush(await openBroker(start));

      await expect(broker.verify(push)).resolves.toBeUndefined();
      await expect(broker.verify({ ...push, urls: ["https://other.test/q/x", ...push.urls] })).resolves.toBeUndefined();
    });

    it.each<[string, (push: Push) => Push]>([
      ["without a signature", (push) => ({ ...push, headers: {} })],
      ["with a signature that is none", (push) => ({ ...push, headers: garbled(push.headers) })],
      ["whose body was changed", (push) => ({ ...push, body: `${push.body} ` })],
      ["whose body was taken away", (push) => ({ ...push, body: "" })],
      ["for another URL", (push) => ({ ...push, urls: ["https://other.test/q/default"] })],
      ["for no URL", (push) => ({ ...push, urls: [] })],
    ])("refuses a push %s", async (_, spoil) => {
      const { broker, push } = await openWithPush(await openBroker(start));

      await expect(broker.verify(spoil(push))).rejects.toMatchObject({ code: "SIGNATURE" });
    });
  });

  describe("openFailure", () => {
    it.each(["", "null", "[]", "{}", "no JSON", '{"status":"x"}', '{"status":500,"sourceBody":5,"body":5}'])(
      "refuses %j, which is no failure callback",
      async (body) => {
        const { broker } = await openBroker(start);

        expect(() => broker.openFailure(body)).toThrow(expect.objectContaining({ code: "INVALID_MESSAGE" }));
      },
    );
  });
}

async function openWithPush(harness: BrokerHarness): Promise<{ broker: BrokerHarness["broker"]; push: Push }> {
  await harness.broker.publish([publicationOf(newId())]);
  return { broker: harness.broker, push: asPush(await onlyPushOf(harness)) };
}

/** Turns every header that may be a signature into text of the same length. */
function garbled(headers: Push["headers"]): Push["headers"] {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, "x".repeat(value.length)]));
}
