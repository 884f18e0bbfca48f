/** Delivery, point 23, and acceptance 4, the rows of two services: what is linked across services comes to the worker that knows it, and the one between need not know it. */

import type { ServedGateway } from "@umbel/gateway";
import { chain, chord, group, type LogRecord, Umbel, type UmbelOptions } from "umbel";
import { memoryBackend } from "umbel/memory";
import { qstash } from "umbel/qstash";
import { upstash } from "umbel/upstash";
import { worker } from "umbel/worker";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { openGateway } from "../gateway.ts";
import type { Served } from "../listen.ts";
import { type RedisServer, startRedisServer } from "../redis-server.ts";
import { serve } from "../serve.ts";
import { until } from "../until.ts";
import { type Place, places } from "./acceptance-stores.ts";
import { world } from "./world.ts";

let gateway: ServedGateway;
let backend: NonNullable<UmbelOptions["backend"]>;
const open: Served[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map(async (each) => await each.stop()));
});

/** Opens a gateway for the tests of a `describe`, before the store that they are tried on. */
function onStore(place: Place): void {
  let redis: RedisServer | undefined;
  beforeAll(async () => {
    redis = place === "redis-server" ? await startRedisServer() : undefined;
    gateway = await openGateway(redis === undefined ? {} : { REDIS_URL: redis.url });
    backend = place === "memory" ? memoryBackend() : upstash();
  });
  afterAll(async () => {
    await gateway.close();
    await redis?.stop();
  });
}

/** One service: an application behind an address of its own, with the variables that `know` adds to once all have one. */
interface Service {
  readonly app: Umbel;
  readonly url: string;
  readonly know: (variables: Readonly<Record<string, unknown>>) => void;
  /** Paths that were called, in order. */
  readonly called: readonly string[];
  readonly lines: readonly LogRecord[];
}

async function service(name: string, options: Partial<UmbelOptions> = {}): Promise<Service> {
  const env: Record<string, string> = { ...gateway.variables };
  const lines: LogRecord[] = [];
  const called: string[] = [];
  const log = (record: LogRecord) => void lines.push(record);
  const app = new Umbel(name, { broker: qstash({ retries: 1 }), backend, env, log, ...options });
  const endpoint = worker(app);
  const served = await serve(async (request) => {
    called.push(new URL(request.url).pathname);
    return await endpoint.fetch(request);
  });
  open.push(served);
  env["UMBEL_WORKER_URL"] = served.url;
  const know = (variables: Readonly<Record<string, unknown>>) => {
    for (const [key, value] of Object.entries(variables)) env[key] = JSON.stringify(value);
  };
  return { app, url: served.url, know, called, lines };
}

/** `origin` knows where the queue `far` is; `remote` knows nothing of origin, but that it may call it. */
async function twoServices(remoteOptions: Partial<UmbelOptions> = {}) {
  const origin = await service("origin");
  const remote = await service("remote", remoteOptions);
  origin.know({ UMBEL_QUEUES: { far: remote.url } });
  remote.know({ UMBEL_TARGETS: [origin.url] });
  const ran: unknown[] = [];
  const onDone = origin.app.task({ name: "origin.onDone", bind: true }, ({ request }, value: string, nth: number) => {
    ran.push([value, nth, request.origin]);
    return nth;
  });
  const onFailed = origin.app.task("origin.onFailed", (nth: number) => void ran.push(["failed", nth]));
  return { origin, remote, ran, onDone, onFailed };
}

const add = (x: number, y: number) => x + y;

const never = async () => await new Promise<never>(() => undefined);

const far = { queue: "far" };

describe.each(places)("what is linked to another service's task, on %s", (place) => {
  onStore(place);

  it("is sent by that service, to the one that linked it", async () => {
    const { origin, remote, ran, onDone } = await twoServices();
    remote.app.task("remote.process", () => "ok");

    const result = await origin.app.sendTask("remote.process", { ...far, link: onDone.s(1) });

    expect(await result.get({ timeout: 60 })).toBe("ok");
    await until(() => ran.length === 1);
    expect(ran).toEqual([["ok", 1, "remote@js"]]);
    expect([origin.called, remote.called]).toEqual([["/q/default"], ["/q/far"]]);
    const file = (await result.meta())?.children?.[0]?.[0][0] ?? "";
    expect(await origin.app.result(file).get({ timeout: 60 })).toBe(1);
    expect(JSON.stringify(remote.lines)).not.toContain("not registered");
  });

  it("is told of its failure, once", async () => {
    const { origin, remote, ran, onFailed } = await twoServices();
    remote.app.task("remote.process", (): string => {
      throw new RangeError("too far");
    });

    const result = await origin.app.sendTask("remote.process", { ...far, linkError: onFailed.si(1) });

    await expect(result.get({ timeout: 60 })).rejects.toThrow("too far");
    await until(() => ran.length === 1);
    expect(ran).toEqual([["failed", 1]]);
    expect([origin.called, remote.called]).toEqual([["/q/default"], ["/q/far"]]);
  });

  it("is told when that service's worker dies", async () => {
    // A dead worker renews nothing and answers nothing; whoever is in front of it answers 502.
    const { origin, remote, ran, onFailed } = await twoServices({ workerLease: 1, platform: { sleep: never } });
    let begun = false;
    remote.app.task("remote.process", async () => {
      begun = true;
      return await never();
    });
    const endpoint = worker(remote.app);
    const front = await serve(async (request) => {
      const answered = endpoint.fetch(request);
      if (!request.url.includes("/q/")) return await answered;
      await until(() => begun);
      return new Response(null, { status: 502, headers: { "retry-after": "2" } });
    });
    open.push(front);
    origin.know({ UMBEL_QUEUES: { far: front.url } });

    const result = await origin.app.sendTask("remote.process", { ...far, linkError: onFailed.si(1) });

    await expect(result.get({ timeout: 60 })).rejects.toMatchObject({ code: "WORKER_LOST" });
    await until(() => ran.length === 1);
    expect(ran).toEqual([["failed", 1]]);
  });

  it("is sent there although that service has a queue of the same name", async () => {
    const { origin, remote, ran, onDone } = await twoServices();
    remote.know({ UMBEL_QUEUES: { default: remote.url } });
    remote.app.task("remote.process", () => "ok");

    await origin.app.sendTask("remote.process", { ...far, link: onDone.s(1) });

    await until(() => ran.length === 1);
    expect(remote.called).toEqual(["/q/far"]);
  });

  it("goes by way of what the service was told only: else its node fails, naming queue, target and setting", async () => {
    const { origin, remote, ran, onDone } = await twoServices();
    remote.know({ UMBEL_TARGETS: [] });
    remote.app.task("remote.process", () => "ok");

    const result = await origin.app.sendTask("remote.process", { ...far, link: onDone.s(1) });

    expect(await result.get({ timeout: 60 })).toBe("ok");
    const callback = (await result.meta())?.children?.[0]?.[0][0] ?? "";
    const says = new RegExp(`"default".*UMBEL_TARGETS.*${origin.url}`);
    await expect(origin.app.result(callback).get({ timeout: 60 })).rejects.toMatchObject({ message: says });
    expect(ran).toEqual([]);
  });
});

/** Two services that may call each other, and a third that knows both and serves nobody. */
async function threeServices() {
  const [here, there] = [await service("here"), await service("there")];
  here.know({ UMBEL_TARGETS: [there.url] });
  there.know({ UMBEL_TARGETS: [here.url] });
  const web = await service("web", { taskRoutes: [{ "here.*": "here", "there.*": "there" }] });
  web.know({ UMBEL_QUEUES: { here: here.url, there: there.url } });
  here.app.task("here.add", add);
  there.app.task("there.add", add);
  there.app.task("there.sum", (numbers: number[]) => numbers.reduce(add, 0));
  const step = (name: string, ...args: unknown[]) => web.app.signature<number>(name, { args });
  return { web, here, there, step };
}

describe("a canvas across services, sent by a third that knows both", () => {
  onStore("embedded engine");

  it("may be a chain that goes to and fro", async () => {
    const { web, step } = await threeServices();

    const steps = [step("there.add", 2), step("here.add", 3), step("there.add", 4)] as const;
    const result = await chain(step("here.add", 1, 1), ...steps).delay();

    expect(await result.get({ timeout: 60 })).toBe(11);
    expect(web.called).toEqual([]);
  });

  it("may be a chord with members and errbacks everywhere", async () => {
    const { web, step } = await threeServices();
    const members = [
      step("here.add", 1, 1),
      step("there.add", 2, 2),
      chain(step("here.add", 3, 3), step("there.add", 4)),
    ];

    const result = await chord(members, step("there.sum")).delay();
    const nested = await chain(group([step("there.add", 1, 1), step("here.add", 2, 2)]), step("there.sum")).delay();

    expect(await result.get({ timeout: 60 })).toBe(16);
    expect(await nested.get({ timeout: 60 })).toBe(6);
    expect(web.called).toEqual([]);
  });

  it("is refused where a queue in it has to be known, and is not, before anything is sent", async () => {
    const { web, step } = await threeServices();
    web.app.conf.update({ taskQueues: { here: {}, there: {} }, taskCreateMissingQueues: false });

    const astray = web.app.signature<number>("tasks.add", { args: [3], queue: "thare" });
    const sending = chain(step("here.add", 1, 1), step("there.add", 2), astray).delay();

    await expect(sending).rejects.toMatchObject({ code: "QUEUE_NOT_FOUND", message: expect.stringContaining("thare") });
  });
});

describe("within one service", () => {
  it("nothing carries a target, nor a queue that was not asked for", async () => {
    const { app, broker } = world();
    const plus = app.task("tasks.add", add);

    await chain(plus.s(1, 2), plus.s(3), plus.s(4)).applyAsync([], { link: plus.s(5), linkError: plus.si(1, 1) });

    expect(broker.waiting[0]?.body).not.toContain("target");
    expect(broker.waiting[0]?.body.match(/"queue"/g)).toHaveLength(1);
  });
});
