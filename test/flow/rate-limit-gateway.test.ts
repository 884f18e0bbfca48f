/** Limits of tasks before the gateway: what it is told, and what it keeps. */

import type { ServedGateway } from "@umbel/gateway";
import { group, type TaskOptions, Umbel } from "umbel";
import { qstash } from "umbel/qstash";
import { upstash } from "umbel/upstash";
import { worker } from "umbel/worker";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { openGateway } from "../gateway.ts";
import { serve } from "../serve.ts";
import { until } from "../until.ts";

let gateway: ServedGateway;
beforeAll(async () => void (gateway = await openGateway()));
afterAll(() => gateway.close());

/** An application behind an address, whose one task notes how many of it run; and when each push has come. */
async function served(name: string, { rateLimit = null }: Pick<TaskOptions, "rateLimit">) {
  const env: Record<string, string> = { ...gateway.variables };
  const app = new Umbel(name, { broker: qstash(), backend: upstash(), env, log: () => undefined });
  const seen = { running: 0, most: 0, ran: 0, arrivals: [] as number[] };
  const waiting: (() => void)[] = [];
  const work = app.task({ name: "tasks.work", rateLimit }, async (isHeld: boolean) => {
    seen.ran += 1;
    seen.running += 1;
    seen.most = Math.max(seen.most, seen.running);
    if (isHeld) await new Promise<void>((resolve) => waiting.push(resolve));
    seen.running -= 1;
  });
  const home = await serve(async (request) => {
    seen.arrivals.push(performance.now());
    return await worker(app).fetch(request);
  });
  onTestFinished(home.stop);
  env["UMBEL_WORKER_URL"] = home.url;
  return { work, seen, waiting, flow: flowOf(`${name}:tasks.work`, env) };
}

/** Asks for a key of flow control, or changes it, as QStash's API has it. */
function flowOf(key: string, env: Readonly<Record<string, string>>) {
  const url = `${env["QSTASH_URL"]}/v2/flowControl/${key}`;
  const headers = { authorization: `Bearer ${env["QSTASH_TOKEN"]}` };
  return {
    get: async (): Promise<unknown> => await (await fetch(url, { headers })).json(),
    pin: async (limits: string) => await fetch(`${url}/pin?${limits}`, { method: "POST", headers }),
  };
}

describe("before the gateway", () => {
  it("thirty calls of a task with ten a second take more than two seconds, and all run", async () => {
    const { work, seen, flow } = await served("rated", { rateLimit: "10/s" });

    const results = await group(Array.from({ length: 30 }, () => work.s(false))).delay();
    await results.get({ timeout: 60 });

    const [first = 0] = seen.arrivals;
    expect(seen.ran).toBe(30);
    // Windows begin with their first delivery; a push may be half a second on its way, on a busy machine.
    expect((seen.arrivals[10] ?? 0) - first).toBeGreaterThan(500);
    expect((seen.arrivals[20] ?? 0) - first).toBeGreaterThan(1500);
    expect(await flow.get()).toMatchObject({ rateMax: 10, ratePeriod: 1, waitListSize: 0 });
  });

  it("no more calls of a task run at once than its parallelism says, and its operator can raise it", async () => {
    const { work, seen, waiting, flow } = await served("parallel", { rateLimit: { parallelism: 2 } });
    const results = await group(Array.from({ length: 8 }, () => work.s(true))).delay();
    await until(() => waiting.length === 2);
    expect(await flow.get()).toMatchObject({ parallelismCount: 2, waitListSize: 6 });

    await flow.pin("parallelism=5");
    await until(() => waiting.length === 5);
    await until(async () => {
      waiting.shift()?.();
      await new Promise((resolve) => setTimeout(resolve, 1));
      return seen.ran === 8 && seen.running === 0;
    });

    await results.get({ timeout: 60 });
    expect(seen.most).toBe(5);
  });
});
