/** The life of an attempt over HTTP: before the gateway, by QStash's client, with the embedded store. */

import type { ServedGateway } from "@umbel/gateway";
import { Reject, Umbel } from "umbel";
import { qstash } from "umbel/qstash";
import { upstash } from "umbel/upstash";
import { worker } from "umbel/worker";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { openGateway } from "../gateway.ts";
import type { Served } from "../listen.ts";
import { deadLettersOf } from "../processes/dead-letters.ts";
import { serve } from "../serve.ts";
import { until } from "../until.ts";

let gateway: ServedGateway;
const open: Served[] = [];
beforeAll(async () => {
  gateway = await openGateway();
});
afterEach(async () => {
  await Promise.all(open.splice(0).map(async (each) => await each.stop()));
});
afterAll(async () => await gateway.close());

/** An application behind an address, and what was answered to whom. */
async function served() {
  const env: Record<string, string> = { ...gateway.variables };
  const answers: string[] = [];
  const app = new Umbel("tasks", {
    broker: qstash(),
    backend: upstash(),
    env,
    log: () => undefined,
    workerLease: 1,
  });
  const endpoint = worker(app);
  const home = await serve(async (request) => {
    const response = await endpoint.fetch(request);
    answers.push(`${new URL(request.url).pathname} ${response.status}`);
    return response;
  });
  open.push(home);
  env["UMBEL_WORKER_URL"] = home.url;
  return { app, answers, letters: deadLettersOf(gateway.variables["QSTASH_URL"] ?? "") };
}

describe("before the gateway", () => {
  it("a rejected message is among the dead letters, and its errback hears of it once", async () => {
    const { app, answers, letters } = await served();
    const told: unknown[] = [];
    const tell = app.task("tasks.tell", (failure: unknown) => void told.push(failure));
    const picky = app.task("tasks.picky", () => {
      throw new Reject("not for me");
    });

    const result = await picky.applyAsync([], { linkError: tell.s() });
    // The errback tells before its push is answered.
    await until(() => answers.length === 3);

    await expect(result.get()).rejects.toMatchObject({ excType: "Reject" });
    expect((await letters.list()).map(({ body }) => body)).toEqual([expect.stringContaining(result.id)]);
    expect(told).toHaveLength(1);
    expect(answers.toSorted()).toEqual(["/failed 200", "/q/default 200", "/q/default 489"]);
  });

  it("an attempt that is acknowledged early runs, and its guard finds its end", async () => {
    const { app, answers } = await served();
    const add = app.task({ name: "tasks.add", acksLate: false }, (x: number, y: number) => x + y);

    const result = await add.delay(1, 2);

    expect(await result.get({ timeout: 60 })).toBe(3);
    await until(async () => {
      await new Promise((resolve) => setTimeout(resolve, 1));
      return answers.length === 2;
    });
    expect(answers).toEqual(["/q/default 202", "/q/default 200"]);
  });
});
