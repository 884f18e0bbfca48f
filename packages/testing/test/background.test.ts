/** What a worker does after its answer, in a kit: it is part of the process, and dies with it. */

import { Umbel } from "@umbel/core";
import { type Endpoint, testKit } from "@umbel/testing";
import { expect, it } from "vitest";

/** An endpoint that answers at once, and works for a minute after that. */
function working(sleep: () => Promise<void>, done: string[]): Endpoint {
  return {
    fetch(_request, _environment, context) {
      context?.waitUntil(sleep().then(() => done.push("done")));
      return new Response(null, { status: 202 });
    },
  };
}

it("goes on after the answer, and a kit has not settled before it has ended", async () => {
  const app = new Umbel("shop");
  const done: string[] = [];
  await using kit = testKit(app, { endpoint: working(async () => await kit.clock.sleep(60), done) });
  const add = app.task("shop.add", (x: number, y: number) => x + y);

  await add.delay(1, 2);
  await kit.settle();

  expect(kit.answers).toEqual(["202"]);
  expect(done).toEqual(["done"]);
});

it("is over when its process is killed", async () => {
  const app = new Umbel("shop");
  const done: string[] = [];
  await using kit = testKit(app, { endpoint: working(async () => await app.platform.sleep(60), done) });
  const add = app.task("shop.add", (x: number, y: number) => x + y);
  await add.delay(1, 2);
  await kit.advance(30);

  kit.crash();
  await kit.advance(60);

  expect(done).toEqual([]);
});
