import type { Broker, CallerBroker } from "@umbel/protocol";
import { describe, expect, it } from "vitest";
import { Umbel } from "../src/app.ts";
import { lendConnections } from "../src/lend.ts";
import { serving } from "../src/serving.ts";

const caller: CallerBroker = {
  name: "posts",
  traits: {
    delay: true,
    deduplication: true,
    priority: false,
    flowControl: false,
    cancel: false,
    maxDelay: 60,
    maxMessageSize: 1000,
    maxBatch: 10,
    retryHorizon: 60,
  },
  publish: async () => await Promise.resolve([]),
};

function whole(broker: CallerBroker): Broker {
  return { ...broker, verify: async () => await Promise.resolve(), openFailure: (body) => ({ body, status: 0 }) };
}

describe("an application that is served", () => {
  it("has the other half of its broker, made once", () => {
    const app = serving(new Umbel("shop", { broker: () => caller }), { brokers: [() => undefined, whole] });

    expect(app.broker.openFailure("body")).toEqual({ body: "body", status: 0 });
    expect(app.broker).toBe(app.broker);
  });

  it("has a whole broker as it was given", () => {
    const given = whole(caller);

    expect(serving(new Umbel("shop", { broker: given })).broker).toBe(given);
  });

  it("has the broker that its application has at the time", () => {
    const app = new Umbel("shop", { broker: whole(caller) });
    const served = serving(app);
    const lent = whole(caller);

    const loan = lendConnections(app, { broker: lent });

    expect(served.broker).toBe(lent);
    loan[Symbol.dispose]();
  });

  it("says who brings the other half when nobody has", () => {
    const app = serving(new Umbel("shop", { broker: caller }));

    expect(() => app.broker).toThrow('"posts" is connected for callers only: serve with umbel/worker');
  });
});
