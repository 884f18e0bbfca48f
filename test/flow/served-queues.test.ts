/** A worker that serves some queues only, as Celery's with `-Q`. */

import { Umbel } from "umbel";
import { control } from "umbel/control";
import { testKit } from "umbel/testing";
import { worker, type WorkerOptions } from "umbel/worker";
import { describe, expect, it } from "vitest";

function shop(options: WorkerOptions, brokerRetries = 30) {
  const app = new Umbel("shop");
  const ran: number[] = [];
  const note = app.task("shop.note", (nth: number) => ran.push(nth));
  const kit = testKit(app, { seed: 1, brokerRetries, endpoint: worker(app, options) });
  return { app, note, ran, kit };
}

describe("a worker that serves some queues", () => {
  it("says that it takes messages of these, and of no others", async () => {
    const { app, note, kit } = shop({ queues: ["mail", "post"] });
    await using _ = kit;
    await note.applyAsync([1], { queue: "mail" });
    await note.applyAsync([2], { queue: "other" });

    await kit.advance(1);

    const queues = await control(app).inspect().activeQueues();
    expect(queues["worker@shop"]?.map(({ name }) => name)).toEqual(["mail", "post"]);
  });

  it("begins nothing of another, has the broker come back later and later, and says so once for each queue", async () => {
    const { note, ran, kit } = shop({ queues: ["mail"] });
    await using _ = kit;

    await note.applyAsync([1], { queue: "mail" });
    await note.delay(2);
    await note.delay(3);
    await kit.advance(60 + 120);

    expect(ran).toEqual([1]);
    const waits = kit.answers.filter((answer) => answer !== "200");
    expect(waits).toEqual([60, 60, 120, 120, 240, 240].map((seconds) => `503 after ${seconds} s`));
    expect(
      kit.lines.filter(({ message }) => message.startsWith('Nothing of the queue "default" is begun by worker@shop')),
    ).toHaveLength(1);
    expect(kit.calls.filter((call) => call === "claim")).toHaveLength(1);
  });

  it("fails nothing of it and loses nothing, however often the broker gives up", async () => {
    const { note, ran, kit } = shop({ queues: ["mail"] }, 2);
    await using _ = kit;

    const result = await note.delay(1);
    await kit.advance("1h");

    expect(kit.pushes.filter(({ url }) => url.endsWith("/failed")).length).toBeGreaterThan(5);
    expect(await result.state()).toBe("PENDING");
    expect(kit.broker.waiting).toHaveLength(1);
    expect(ran).toEqual([]);
  });

  it("does what Umbel's own tasks are for, whatever their queue: a call that waits for days is revoked soon", async () => {
    const { app, note, kit } = shop({ queues: ["mail"] });
    await using _ = kit;
    const result = await note.applyAsync([1], { queue: "mail", countdown: "2d" });

    await app.revoke(result.id);
    await kit.advance("2h");

    expect(await result.state()).toBe("REVOKED");
  });

  it.each([[[]], [["a", ""]], ["mail"]])("is refused with queues: %j", (queues) => {
    const app = new Umbel("shop");

    expect(() => worker(app, Object({ queues }))).toThrow(/queues is .*: give a list of names/);
  });
});
