/** Delivery, point 4: a step that is followed by more calls than are published, or stored, at once. */

import { encodeEffects, MessageTooLargeError, type TaskMessage } from "@umbel/protocol";
import { type Backend, chain, chord, group } from "umbel";
import { describe, expect, it } from "vitest";
import { world, type WorldOptions } from "./world.ts";

/** A store that takes as much of what follows an end as two hundred messages have. */
const narrow = (backend: Backend): Backend => ({
  ...backend,
  finish: async (request) => {
    if (encodeEffects(request.effects).length > 200_000) throw new MessageTooLargeError("too large a record");
    return await backend.finish(request);
  },
});

function many(options: WorldOptions = {}, wrap = narrow) {
  const home = world(options, wrap);
  let runs = 0;
  return {
    ...home,
    runs: () => runs,
    one: home.app.task("tasks.one", () => 1),
    add: home.app.task("tasks.add", (x: number, y: number) => {
      runs += 1;
      return x + y;
    }),
    xsum: home.app.task("tasks.xsum", (values: readonly number[]) => values.reduce((sum, each) => sum + each, 0)),
  };
}

const numbers = Array.from({ length: 1000 }, (_, index) => index);

describe("a step that is followed by a thousand calls", () => {
  it("is stored with one message, which sends them", async () => {
    const { one, add, xsum, broker, finish, runs } = many();
    const members = numbers.map((each) => add.s(each));

    const result = await chain(one.s(), chord(members, xsum.s())).delay();
    await broker.deliverNext();

    expect(broker.waiting).toHaveLength(1);
    await finish();
    expect(await result.get()).toBe(1000 + 999 * 500);
    expect(runs()).toBe(1000);
  });

  it("is followed by each once although the worker dies while it sends them", async () => {
    const { one, add, ports, kill, broker, finish, runs, answers } = many();
    const result = await chain(one.s(), group(numbers.slice(0, 250).map((each) => add.s(each)))).delay();
    await broker.deliverNext();
    ports.after("publish", kill);

    await finish();

    expect(await result.successful()).toBe(true);
    expect(answers).toContain("connection lost");
    expect(runs()).toBe(250);
  });

  it("fails all of them, and the chord that they are members of, when its message is given up", async () => {
    const { one, add, xsum, ports, broker, finish } = many({ brokerRetries: 2 });
    const header = numbers.slice(0, 150).map((each) => add.s(each));
    const result = await chain(one.s(), chord(header, xsum.s())).delay();
    const members = await chain(one.s(), group(header)).delay();
    await broker.deliverNext();
    await broker.deliverNext();
    for (let tries = 0; tries < 6; tries += 1) {
      ports.before("claim", () => {
        throw new Error("the worker's process is killed");
      });
    }

    await finish();

    await expect(result.get()).rejects.toThrow(/will not come again/);
    expect((await members.settled()).map((each) => each.state)).toEqual(header.map(() => "FAILURE"));
  });

  it("fails, and nothing else, when a foreign sender says that anything is to be sent", async () => {
    const { app, broker, lines, deadLetters, finish } = many();
    const reference = { root: "r", hash: "00000000-0000-0000-0000-000000000000", at: 0, of: 2, until: 0 };
    await app.backend.saveAll([{ name: `stored:r:${reference.hash}:0`, text: "[1]" }], 60);
    const headers = { id: "forged", task: "umbel.start" };
    const message: TaskMessage = { headers, properties: {}, body: [[], { stored: reference }, null] };

    await broker.publish([{ message, queue: "default", deduplicationId: "forged" }]);
    await finish();

    expect(lines.filter((each) => each.level === "CRITICAL")).toHaveLength(1);
    await expect(app.result("forged").get()).rejects.toThrow(/is gone/);
    expect(deadLetters).toEqual([]);
  });

  it("says in the log when nobody knows any more what was to be sent", async () => {
    const { one, add, lines, finish } = many({}, (backend) => ({
      ...backend,
      loadAll: async (names) => await Promise.resolve(names.map(() => undefined)),
    }));
    await chain(one.s(), group(numbers.slice(0, 150).map((each) => add.s(each)))).delay();

    await finish();

    expect(lines).toContainEqual(
      expect.objectContaining({ level: "CRITICAL", message: expect.stringMatching(/are gone: nobody is told/) }),
    );
  });
});
