import { type RateLimit, Umbel } from "umbel";
import { describe, expectTypeOf, it } from "vitest";

const app = new Umbel("types");

describe("rateLimit", () => {
  it("takes Celery's texts, numbers, null, and a record", () => {
    app.task({ name: "a", rateLimit: "10/s" }, () => 1);
    app.task({ name: "b", rateLimit: 10 }, () => 1);
    app.task({ name: "c", rateLimit: null }, () => 1);
    app.task({ name: "d", rateLimit: { rate: 1, period: "1m", parallelism: 2, key: "shared" } }, () => 1);
    app.task({ name: "e", rateLimit: { parallelism: 2, key: ([account]) => String(account) } }, () => 1);
    expectTypeOf<undefined>().not.toExtend<RateLimit>();
  });

  it("takes nothing else", () => {
    // @ts-expect-error no limit is switched on
    app.task({ name: "f", rateLimit: true }, () => 1);
    // @ts-expect-error a misspelt part
    app.task({ name: "g", rateLimit: { rates: 1 } }, () => 1);
    // @ts-expect-error a key is a text or a number
    app.task({ name: "h", rateLimit: { rate: 1, key: (args) => args } }, () => 1);
    // @ts-expect-error a queue's limit has no key: the queue is what shares it
    app.conf.update({ taskQueues: { slow: { rateLimit: { rate: 1, key: "x" } } } });
  });
});
