/** The worker's door: what it lets in, what it refuses, and how it says so. */

import { type MemoryPush, memoryBackend, memoryBroker } from "@umbel/memory";
import { Hono } from "hono";
import { chord, InvalidMessageError, NotRegistered, Umbel } from "umbel";
import { beat } from "umbel/beat";
import { qstash } from "umbel/qstash";
import { upstash } from "umbel/upstash";
import { worker } from "umbel/worker";
import { describe, expect, it } from "vitest";
import { type World, world, type WorldOptions } from "./world.ts";

/** A world that has handled one push, which a test can now send again with something wrong about it. */
async function besieged(options: WorldOptions = {}) {
  const home = world(options);
  const add = home.app.task("tasks.add", (x: number, y: number) => x + y);
  await add.delay(1, 2);
  await home.drain();
  home.ports.calls.length = 0;
  home.lines.length = 0;
  const [push] = home.pushes;
  if (push === undefined) throw new Error("Nothing was pushed");
  return { ...home, push };
}

/** Lets the broker push a body of our making, signed like any other. */
async function pushed(body: string, options: WorldOptions = {}) {
  const home = world(options);
  const add = home.app.task("tasks.add", (x: number, y: number) => x + y);
  const rejected: { readonly message: unknown; readonly exc: unknown; readonly sender: unknown }[] = [];
  home.app.signals.taskRejected.connect((event) => rejected.push(event));
  const result = await add.delay(1, 2);
  Object.assign(home.broker.waiting[0] ?? {}, { body });
  const responses: Response[] = [];
  await deliverOnce(home, responses);
  return { ...home, rejected, result, responses };
}

/** Delivers one message, and keeps the whole response. */
async function deliverOnce(home: World, responses: Response[]): Promise<void> {
  const before = home.pushes.length;
  await home.broker.deliverNext();
  responses.push(await home.redeliver(before));
}

function requestOf(push: MemoryPush, change: Partial<MemoryPush> = {}): Request {
  const { url, ...rest } = { ...push, ...change };
  return new Request(url, rest);
}

describe("a push that the broker did not send", () => {
  it.each<{ readonly what: string; readonly change: (push: MemoryPush) => Partial<MemoryPush> }>([
    { what: "is not signed", change: () => ({ headers: {} }) },
    { what: "is signed wrongly", change: () => ({ headers: { "umbel-signature": "0".repeat(64) } }) },
    { what: "is signed for another queue", change: () => ({ url: "http://127.0.0.1:8787/q/other" }) },
    { what: "is signed for another host", change: () => ({ url: "http://evil.example/q/default" }) },
    { what: "is signed for another body", change: ({ body }) => ({ body: body.replace("[1,2]", "[3,4]") }) },
    { what: "is no failure callback", change: () => ({ url: "http://127.0.0.1:8787/failed" }) },
  ])("is answered 401 when it $what, and nothing of it is read", async ({ change }) => {
    const { push, fetch, ports, lines } = await besieged();

    const response = await fetch(requestOf(push, change(push)));

    expect(response.status).toBe(401);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(await response.json()).toMatchObject({
      type: "urn:umbel:error:SIGNATURE",
      status: 401,
      title: "Unauthorized",
    });
    expect(ports.calls).toEqual(["verify"]);
    expect(lines.map((line) => `${line.level} ${line.message}`)).toEqual([
      expect.stringMatching(/^WARNING A push was refused: /),
    ]);
  });

  it("names both URLs when the signature is for another one", async () => {
    const { push, fetch } = await besieged();

    const response = await fetch(requestOf(push, { url: "http://127.0.0.1:8787/q/other" }));

    expect(await response.text()).toContain("http://127.0.0.1:8787/q/other");
  });

  it("is measured by the public URL where one is configured", async () => {
    const { app, push } = await besieged();
    const behindProxy = worker(app, { publicUrl: "http://127.0.0.1:8787/" });
    const elsewhere = worker(app, { publicUrl: "https://shop.example" });

    const inside = { url: "http://10.0.0.7/q/default" };
    const accepted = await behindProxy.fetch(requestOf(push, inside));
    const refused = await elsewhere.fetch(requestOf(push));

    expect(accepted.status).toBe(200);
    expect(refused.status).toBe(401);
    expect(await refused.text()).toContain("https://shop.example/q/default");
  });

  it("is answered 503 where the public URL is none, and the log names the setting", async () => {
    const { push, fetch, lines } = await besieged({ env: { UMBEL_PUBLIC_URL: "shop.example" } });

    const response = await fetch(requestOf(push));

    expect(response.status).toBe(503);
    expect(lines.map((line) => line.message)).toEqual([expect.stringContaining("UMBEL_PUBLIC_URL")]);
  });

  it("finds the public URL in the environment", async () => {
    const { push, fetch } = await besieged({ env: { UMBEL_PUBLIC_URL: "https://shop.example" } });

    expect((await fetch(requestOf(push))).status).toBe(401);
  });
});

describe("a body that is no message", () => {
  it.each([
    { what: "text", body: "hello" },
    { what: "JSON, but no object", body: "[1,2,3]" },
    { what: "an object without headers", body: '{"v":1,"properties":{},"body":[[],{},{}]}' },
    { what: "a message without a task", body: '{"v":1,"headers":{"id":"1"},"properties":{},"body":[[],{},{}]}' },
    { what: "a message with an empty id", body: message({ id: "" }) },
    { what: "a message with an id of 256 characters", body: message({ id: "x".repeat(256) }) },
    { what: "a message whose eta is no date", body: message({ eta: "tomorrow" }) },
    { what: "a message whose expiry is no date", body: message({ expires: "never" }) },
    { what: "nothing", body: "" },
  ])("is answered 489 when it is $what: the broker keeps it as a dead letter", async ({ body }) => {
    const { responses, rejected, broker, answers, drain, ports, lines } = await pushed(body);

    const [response] = responses;
    expect(response?.status).toBe(489);
    expect(response?.headers.get("upstash-nonretryable-error")).toBe("true");
    expect(response?.headers.get("content-type")).toBe("application/problem+json");
    expect(await response?.json()).toMatchObject({ type: "urn:umbel:error:INVALID_MESSAGE", status: 489 });
    expect(rejected).toHaveLength(2);
    expect(rejected[0]).toMatchObject({ message: body, sender: "worker@tasks" });
    expect(lines).toContainEqual(expect.objectContaining({ level: "ERROR" }));
    expect(broker.deadLetters).toHaveLength(1);
    expect(ports.calls).not.toContain("claim");
    await drain();
    expect(answers).toEqual(["489", "200"]);
    expect(rejected).toHaveLength(2);
  });
});

describe("a record that cannot be read", () => {
  it("is answered 503: the message is good, and another worker may know how to read it", async () => {
    const { push, ports, fetch, lines } = await besieged();
    ports.after("claim", () => {
      throw new InvalidMessageError("Effects: 0.kind: expected one of send, settle, join, found string");
    });

    const response = await fetch(requestOf(push));

    expect(response.status).toBe(503);
    expect(response.headers.get("upstash-nonretryable-error")).toBeNull();
    expect(lines).toContainEqual(expect.objectContaining({ level: "CRITICAL" }));
  });
});

describe("a message from another time or place", () => {
  it("of a version that is not known is answered 503, for a newer worker to take", async () => {
    const { responses, rejected, broker } = await pushed('{"v":2,"anything":"else"}');

    expect(responses[0]?.status).toBe(503);
    expect(responses[0]?.headers.get("retry-after")).toBe("5");
    expect(await responses[0]?.json()).toMatchObject({ code: "UNSUPPORTED_VERSION" });
    expect(rejected).toEqual([]);
    expect(broker.waiting).toHaveLength(1);
  });

  it("of a version that is not known is not dropped when the broker gives it up", async () => {
    const { answers, drain, broker } = await pushed('{"v":2,"anything":"else"}', { brokerRetries: 0 });

    await drain();

    expect(answers).toEqual(["503 after 5 s", "503 after 5 s"]);
    expect(broker.deadLetters).toHaveLength(2);
  });

  it("in kombu's envelope is a message like any other", async () => {
    const body = Buffer.from(JSON.stringify([[20, 22], {}, {}])).toString("base64");
    const envelope = {
      body,
      headers: { task: "tasks.add", id: "from-python", lang: "py" },
      "content-type": "application/json",
      "content-encoding": "utf-8",
      properties: { correlation_id: "from-python", body_encoding: "base64", delivery_tag: "1", delivery_info: {} },
    };
    const { app, answers } = await pushed(JSON.stringify(envelope));

    expect(answers).toEqual(["200"]);
    expect(await app.result("from-python").get()).toBe(42);
  });
});

describe("a body that is too large", () => {
  it("is answered 413, whether it says so or not", async () => {
    const { push, fetch, ports } = await besieged({ workerMaxBody: 100 });
    const said = requestOf(push, { headers: { ...push.headers, "content-length": "101" } });
    const stream: RequestInit & { duplex: "half" } = {
      method: "POST",
      body: new Blob([push.body]).stream(),
      duplex: "half",
    };
    const unsaid = new Request(push.url, stream);

    for (const request of [said, unsaid]) {
      const response = await fetch(request);
      expect(response.status).toBe(413);
      expect(response.headers.get("content-type")).toBe("application/problem+json");
      expect(await response.text()).toContain("workerMaxBody (100 bytes)");
    }
    expect(ports.calls).toEqual([]);
  });

  it("is taken when it is just as large as is allowed", async () => {
    const { app, push, fetch } = await besieged();
    app.conf.update({ workerMaxBody: new TextEncoder().encode(push.body).length });

    expect((await fetch(requestOf(push))).status).toBe(200);
  });
});

describe("a task that nobody knows", () => {
  it("fails as NotRegistered, and whoever waits for it is told", async () => {
    const { app, drain, answers, lines } = world();
    const unknown: unknown[] = [];
    app.signals.taskUnknown.connect(({ name, id, exc, sender }) => unknown.push([name, id, String(exc), sender]));
    app.task("tasks.known", () => 1);

    const result = await app.sendTask("tasks.missing");
    const waiting = result.get().catch((error: unknown) => error);
    await drain();

    expect(await waiting).toEqual(new NotRegistered("tasks.missing"));
    expect(answers).toEqual(["489", "200"]);
    const told =
      "NotRegistered: tasks.missing is not registered with the worker that got it: its log names the tasks that are";
    expect(unknown).toEqual([["tasks.missing", result.id, told, "worker@tasks"]]);
    expect((await result.meta())?.result).toMatchObject({ exc_type: "NotRegistered", exc_message: ["tasks.missing"] });
    expect(lines.map((line) => line.message)).toContainEqual(expect.stringContaining("this worker has tasks.known"));
  });

  it("is told of with the nearest name that somebody knows, to who waits as well", async () => {
    const { app, finish } = world();
    app.task("orders.mail", () => 1);

    const result = await app.sendTask("orders.mial");
    await finish();

    await expect(result.get()).rejects.toMatchObject({
      name: "NotRegistered",
      task: "orders.mial",
      nearest: "orders.mail",
      message: 'orders.mial is not registered with the worker that got it: the nearest there is "orders.mail"',
    });
    expect((await result.meta())?.result).toMatchObject({ exc_message: ["orders.mial"], exc_nearest: "orders.mail" });
  });

  it("fails the chord that it is a member of", async () => {
    const { app, finish } = world();
    const count = app.task("tasks.count", (values: readonly unknown[]) => values.length);

    const result = await chord([app.signature("tasks.missing")], count.s()).delay();
    await finish();

    await expect(result.get()).rejects.toThrow(/raised NotRegistered\('tasks.missing'\)/);
  });
});

describe("a failure callback", () => {
  it("that is none is answered 489, so that it is not sent for ever", async () => {
    const { app, broker, answers, drain } = world();
    const add = app.task("tasks.add", (x: number, y: number) => x + y);
    await add.delay(1, 2);
    Object.assign(broker.waiting[0] ?? {}, { url: "http://127.0.0.1:8787/failed" });

    await drain();

    expect(answers[0]).toBe("489");
  });
});

/** The other half of an adapter that is not connected here. */
function ofAnother(): undefined {
  return undefined;
}

describe("a worker's app", () => {
  it("says what it is, and which tasks it has", async () => {
    const { app, fetch } = world();
    app.task("tasks.add", (x: number, y: number) => x + y);

    const response = await fetch(new Request("http://127.0.0.1:8787/"));

    expect(await response.json()).toEqual({ app: "tasks", worker: "worker@tasks", tasks: ["tasks.add"] });
  });

  it("can be mounted under a path of another app", async () => {
    const web = new Hono();
    const broker = memoryBroker({
      url: "http://127.0.0.1:3000/umbel",
      deliver: async (push) => await web.fetch(new Request(push.url, push)),
    });
    const app = new Umbel("mounted", { broker, backend: memoryBackend(), log: () => undefined });
    const add = app.task("tasks.add", (x: number, y: number) => x + y);
    web.route("/umbel", worker(app));
    web.get("/", (context) => context.text("hello"));

    const result = await add.delay(1, 2);
    await broker.drain();

    expect(await result.get()).toBe(3);
    expect(await (await web.request("/")).text()).toBe("hello");
  });

  it.each([
    { proxy: "leaves the path as it is", inside: "http://10.0.0.7/umbel" },
    { proxy: "cuts its own path off", inside: "http://10.0.0.7" },
  ])("is known by its public URL, path and all, behind a proxy that $proxy", async ({ inside }) => {
    const publicUrl = "https://shop.example/umbel";
    const web = new Hono();
    const answers: number[] = [];
    const broker = memoryBroker({
      url: publicUrl,
      deliver: async (push) => {
        const response = await web.fetch(new Request(push.url.replace(publicUrl, inside), push));
        answers.push(response.status);
        return response;
      },
    });
    const app = new Umbel("mounted", { broker, backend: memoryBackend(), log: () => undefined });
    const add = app.task("tasks.add", (x: number, y: number) => x + y);
    web.route(new URL(inside).pathname, worker(app, { publicUrl }));

    await add.delay(1, 2);
    await broker.drain();

    expect(answers).toEqual([200]);
  });

  it("serves our own ports as well where it is given other halves for ports of others, and so does beat's", async () => {
    const app = new Umbel("shop", { broker: qstash(), backend: upstash(), env: {}, log: () => undefined });
    const served = worker(app, { brokers: [ofAnother], backends: [ofAnother] });
    const schedule = beat(app, {}, { brokers: [ofAnother] });
    const post = { method: "POST", body: "{}" };

    expect((await served.request("http://127.0.0.1/q/default", post)).status).toBe(401);
    expect((await schedule.request("http://127.0.0.1/tick", post)).status).toBe(401);
  });

  it("goes by the name that it was given", async () => {
    const endpoint: Hono[] = [];
    const broker = memoryBroker({ deliver: async (push) => await (endpoint[0] ?? new Hono()).request(push.url, push) });
    const app = new Umbel("named", { broker, backend: memoryBackend(), log: () => undefined });
    endpoint.push(worker(app, { hostname: "w1@example" }));
    const who = app.task({ name: "tasks.who", bind: true }, (task) => task.request.hostname);

    const result = await who.delay();
    await broker.drain();

    expect(await result.get()).toBe("w1@example");
  });
});

describe("queues and priorities", () => {
  it("a message goes to the queue of its call, its task, its route, or the default one, in this order", async () => {
    const { app, broker } = world({
      taskRoutes: [{ "tasks.routed": { queue: "routed", priority: 3 } }],
      taskDefaultQueue: "main",
    });
    const plain = app.task("tasks.plain", () => 1);
    const routed = app.task("tasks.routed", () => 1);
    const own = app.task({ name: "tasks.own", queue: "own", priority: 5 }, () => 1);

    await plain.delay();
    await routed.delay();
    await own.delay();
    await own.applyAsync([], { queue: "called" });

    expect(broker.waiting.map(({ queue, url }) => [queue, new URL(url).pathname])).toEqual([
      ["main", "/q/main"],
      ["routed", "/q/routed"],
      ["own", "/q/own"],
      ["called", "/q/called"],
    ]);
  });

  it("a task knows its queue and its priority", async () => {
    const { app, drain } = world();
    const seen: unknown[] = [];
    const curious = app.task({ name: "tasks.curious", bind: true, priority: 5 }, ({ request }) => {
      seen.push(request.deliveryInfo);
    });

    await curious.applyAsync([], { queue: "with space/slash" });
    await curious.applyAsync([], { priority: 9 });
    await drain();

    expect(seen).toEqual([
      { queue: "with space/slash", priority: 5, redelivered: false },
      { queue: "default", priority: 9, redelivered: false },
    ]);
  });

  it("a step of a chain goes to its own queue", async () => {
    const { app, finish, pushes } = world();
    const first = app.task({ name: "tasks.first", queue: "one" }, () => 1);
    const second = app.task({ name: "tasks.second", queue: "two" }, (x: number) => x);

    await first.s().pipe(second.s()).delay();
    await finish();

    expect(pushes.map((each) => each.queue)).toEqual(["one", "two"]);
  });
});

/** The body of a push for `tasks.add`, with other headers. */
function message(headers: Readonly<Record<string, unknown>>): string {
  return JSON.stringify({
    v: 1,
    headers: { task: "tasks.add", id: "1", ...headers },
    properties: {},
    body: [[1, 2], {}, {}],
  });
}
