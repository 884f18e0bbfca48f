/** Secrets stay out of logs, answers, errors and what a debugger prints: every flow that goes wrong, searched for each of them. */

import { memoryBackend, memoryBroker } from "@umbel/memory";
import { Hono } from "hono";
import { inspect } from "node:util";
import { type LogRecord, Umbel, type UmbelOptions } from "umbel";
import { beat } from "umbel/beat";
import { controlRoutes } from "umbel/control";
import { eventRoutes } from "umbel/events";
import { qstash } from "umbel/qstash";
import { results } from "umbel/results";
import { upstash } from "umbel/upstash";
import { worker } from "umbel/worker";
import { afterEach, beforeEach, describe, expect, it, type MockInstance, vi } from "vitest";
import { serve } from "../serve.ts";
import { secretSettings, secretsIn } from "./secrets.ts";

/** What the programs under test have put on the console. */
let consoles: MockInstance[] = [];
beforeEach(() => {
  consoles = (["log", "warn", "error", "info", "debug"] as const).map((name) =>
    vi.spyOn(console, name).mockReturnValue(),
  );
});
afterEach(() => vi.restoreAllMocks());

/** An application with a secret in every setting, before services at these addresses. */
function application(urls: Readonly<Record<string, string>>, options: UmbelOptions = {}) {
  const lines: LogRecord[] = [];
  const app = new Umbel("tasks", {
    broker: qstash({ requestTimeout: 1 }),
    backend: upstash({ timeout: 1 }),
    env: { ...secretSettings, ...urls },
    taskPublishRetry: false,
    workerStorePatience: 0,
    log: (record) => void lines.push(record),
    ...options,
  });
  const add = app.task("tasks.add", (x: number, y: number) => x + y);
  return { app, add, lines };
}

/** Everything that could be told of what happened, in one text. */
function told(...things: readonly unknown[]): string {
  const printed = consoles.flatMap(({ mock }) => mock.calls);
  return [...things, printed].map((thing) => inspect(thing, { depth: 20, showHidden: true, getters: true })).join("\n");
}

/** An error as it would be logged by a careful program: with its stack, its causes and their members. */
async function errorOf(work: () => unknown): Promise<unknown> {
  try {
    await work();
    return undefined;
  } catch (error) {
    return [error, allOf(error)];
  }
}

/** The error and its causes, also as JSON and with members that do not show. */
function allOf(error: unknown): readonly unknown[] {
  if (!(error instanceof Error)) return [error];
  const members = Reflect.ownKeys(error).map((key) => Reflect.get(error, key));
  return [error.message, error.stack, JSON.stringify(error), ...members, ...allOf(error.cause)];
}

/** A service that refuses everybody, in words that repeat what it was sent. */
async function parrot(status: number) {
  return await serve(async (request) => {
    const sent = { url: request.url, body: await request.text() };
    return Response.json({ error: `refused: ${sent.body.slice(0, 50)}` }, { status });
  });
}

/** An address at which nobody listens. */
const nobody = "http://127.0.0.1:1";

describe("with a secret in every setting", () => {
  it.each([
    { what: "nobody listens", status: 0 },
    { what: "the token is refused", status: 401 },
    { what: "the service is broken", status: 500 },
    { what: "there are too many requests", status: 429 },
    { what: "the call makes no sense to it", status: 400 },
  ])("nothing tells one when $what", async ({ status }) => {
    const service = status === 0 ? undefined : await parrot(status);
    const url = service?.url ?? nobody;
    const { app, add, lines } = application({ QSTASH_URL: url, UPSTASH_REDIS_REST_URL: url });

    const errors = await Promise.all([
      errorOf(async () => await add.delay(1, 2)),
      errorOf(async () => await app.result("a").get({ timeout: 1 })),
      errorOf(async () => await app.backend.save("name", "text", 10)),
      errorOf(async () => await app.broker.cancel?.(["a"])),
      errorOf(async () => await beat(app, {}).tick()),
    ]);
    const answers = await allAnswers(app);
    await service?.stop();

    expect(errors.filter((error) => error === undefined).length).toBeLessThan(errors.length);
    expect(lines.length).toBeGreaterThan(0);
    expect(secretsIn(told(errors, lines, answers))).toEqual([]);
  });

  it("no object of the application prints one", async () => {
    const { app, add } = application({
      QSTASH_URL: nobody,
      UPSTASH_REDIS_REST_URL: nobody,
    });
    const { app: plain } = application({}, { broker: memoryBroker(), backend: memoryBackend() });
    const held = await plain.sendTask("tasks.add", { args: [1, 2] });

    const objects = [
      app.conf,
      app.broker,
      app.backend,
      add,
      add.s(1, 2),
      held,
      app.result("a"),
      worker(app),
      results(app),
      beat(app, {}),
    ];

    expect(secretsIn(told(objects))).toEqual([]);
    expect(secretsIn(inspect(app, { depth: 20 }))).toEqual([]);
    expect(secretsIn(JSON.stringify([app, ...objects]))).toEqual([]);
  });

  it("no receiver of an option prints it", () => {
    const { app } = application({});
    const token = secretSettings["UMBEL_RESULTS_TOKEN"] ?? "";

    const given = [
      results(app, { token }),
      beat(app, {}, { token }),
      qstash({ token, currentSigningKey: token, nextSigningKey: token }),
      upstash({ token }),
    ];

    expect(secretsIn(told(given))).toEqual([]);
  });

  it("a task that fails because of a service keeps none in its result", async () => {
    const url = nobody;
    const lines: LogRecord[] = [];
    const { app: inner } = application({ QSTASH_URL: url, UPSTASH_REDIS_REST_URL: url });
    const broker = memoryBroker({ deliver: async (push) => await endpoint.fetch(new Request(push.url, push)) });
    const backend = memoryBackend();
    const app = new Umbel("outer", { broker, backend, log: (record) => void lines.push(record) });
    const call = app.task("outer.call", async () => {
      await inner.sendTask("tasks.add", { args: [1, 2] });
    });
    const endpoint = worker(app);

    const result = await call.delay();
    await broker.drain();

    expect(await result.failed()).toBe(true);
    expect(secretsIn(told(lines, await result.meta(), await result.settled()))).toEqual([]);
  });

  it.each([
    {
      what: "a URL with a password",
      setting: "QSTASH_URL",
      value: (secret: string) => `http://me:${secret}@127.0.0.1:1`,
    },
    {
      what: "a URL with a password",
      setting: "UPSTASH_REDIS_REST_URL",
      value: (secret: string) => `http://:${secret}@a.test`,
    },
    {
      what: "a Redis URL",
      setting: "UPSTASH_REDIS_REST_URL",
      value: (secret: string) => `redis://default:${secret}@a.test:6379`,
    },
    { what: "a token for a URL", setting: "QSTASH_URL", value: (secret: string) => secret },
    { what: "a token for a URL", setting: "UMBEL_WORKER_URL", value: (secret: string) => secret },
    {
      what: "a URL with a token in its query",
      setting: "UMBEL_WORKER_URL",
      value: (secret: string) => `http://a.test/?key=${secret}`,
    },
    { what: "no JSON", setting: "UMBEL_QUEUES", value: (secret: string) => `{"mail": https://me:${secret}@a.test}` },
    {
      what: "a queue with a password",
      setting: "UMBEL_QUEUES",
      value: (secret: string) => `{"mail":"https://me:${secret}@a.test"}`,
    },
    {
      what: "a list with a password",
      setting: "UMBEL_TARGETS",
      value: (secret: string) => `["https://me:${secret}@a.test"]`,
    },
    {
      what: "a URL with a password",
      setting: "UMBEL_PUBLIC_URL",
      value: (secret: string) => `https://me:${secret}@a.test`,
    },
  ])("$what in $setting is an error that names the setting and not the value", async ({ setting, value }) => {
    const service = await parrot(401);
    const urls = { QSTASH_URL: service.url, UPSTASH_REDIS_REST_URL: service.url };
    const { app, add, lines } = application({ ...urls, [setting]: value("MISPLACED-secret-4711") });

    const errors = [
      await errorOf(async () => await add.delay(1, 2)),
      await errorOf(async () => await app.backend.read(["a"])),
    ];
    const answers = await allAnswers(app);
    await service.stop();

    const all = told(errors, lines, answers);
    expect(all).toContain(setting);
    expect(secretsIn(all)).toEqual([]);
  });
});

/** What the HTTP sides answer to a stranger, and to whoever has the tokens. */
async function allAnswers(app: Umbel): Promise<readonly string[]> {
  const site = new Hono()
    .route("/", worker(app))
    .route("/tasks", results(app))
    .route("/beat", beat(app, {}))
    .route("/events", eventRoutes(app))
    .route("/control", controlRoutes(app));
  const settings = ["UMBEL_RESULTS_TOKEN", "UMBEL_BEAT_TOKEN", "UMBEL_EVENTS_TOKEN", "UMBEL_CONTROL_TOKEN"];
  const tokens = settings.map((name) => `Bearer ${secretSettings[name] ?? ""}`);
  const requests = ["Bearer wrong", ...tokens].flatMap((authorization) => {
    const post = { method: "POST", headers: { authorization, "upstash-signature": "a.b.c" }, body: '{"args":[1,2]}' };
    return [
      new Request("http://127.0.0.1/", { headers: { authorization } }),
      new Request("http://127.0.0.1/q/default", post),
      new Request("http://127.0.0.1/failed", post),
      new Request("http://127.0.0.1/tasks/tasks.add", post),
      new Request("http://127.0.0.1/tasks/some-id", { headers: { authorization } }),
      new Request("http://127.0.0.1/beat/tick", post),
      new Request("http://127.0.0.1/events?since=1m", { headers: { authorization } }),
      new Request("http://127.0.0.1/control/status", { headers: { authorization } }),
      new Request("http://127.0.0.1/control/inspect/conf", { headers: { authorization } }),
      new Request("http://127.0.0.1/control/inspect/report", { headers: { authorization } }),
      new Request("http://127.0.0.1/control/dead", { headers: { authorization } }),
    ];
  });
  return await Promise.all(requests.map(async (request) => await shownAnswer(await site.fetch(request))));
}

async function shownAnswer(response: Response): Promise<string> {
  return `${response.status} ${JSON.stringify([...response.headers])} ${await response.text()}`;
}
