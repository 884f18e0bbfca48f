/** Results over HTTP: enqueue, poll, wait, stream; and who may. */

import { Hono } from "hono";
import { BackendUnavailable, BrokerUnavailable, chain, chord } from "umbel";
import { results, type ResultsOptions } from "umbel/results";
import { describe, expect, it } from "vitest";
import * as z from "zod/mini";
import { until } from "../until.ts";
import { world, type WorldOptions } from "./world.ts";

const token = { authorization: "Bearer umbel-dev" };

/** A world with a web app that serves results under `/tasks`, and a few tasks. */
function served({
  options = {},
  app: given = {},
}: { readonly options?: ResultsOptions; readonly app?: WorldOptions } = {}) {
  const home = world(given);
  const { app } = home;
  const web = new Hono();
  web.route("/tasks", results(app, options));
  const gates: ((value: string) => void)[] = [];
  app.task({ name: "shop.add", params: ["x", "y"] }, (x: number, y: number) => x + y);
  app.task({ name: "shop.visit", args: z.tuple([z.url()]) }, (url: string) => url);
  app.task("shop.boom", () => {
    throw new RangeError("too far");
  });
  app.task({ name: "shop.steps", bind: true, trackStarted: true }, async (task) => {
    await task.updateState({ state: "PROGRESS", meta: { done: 1, of: 2 } });
    return await new Promise<string>((resolve) => void gates.push(resolve));
  });
  return {
    ...home,
    web,
    gates,
    get: async (path: string, headers: Record<string, string> = token) => await web.request(path, { headers }),
    post: async (name: string, body: unknown, headers: Record<string, string> = token) =>
      await web.request(`/tasks/${name}`, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: typeof body === "string" ? body : JSON.stringify(body),
      }),
  };
}

/** What enqueueing answers. */
async function accepted(response: Response) {
  const shape = z.object({ id: z.string(), links: z.object({ self: z.string(), stream: z.string() }) });
  return shape.parse(await response.json());
}

describe("POST /:name", () => {
  it("enqueues a call and says where to look for it", async () => {
    const { post, drain, app } = served();

    const response = await post("shop.add", { args: [1, 2] });

    expect(response.status).toBe(202);
    const body = await accepted(response.clone());
    expect(await response.json()).toEqual({
      id: body.id,
      state: "PENDING",
      retries: 0,
      children: [],
      parent: null,
      links: {
        self: expect.stringMatching(`^/tasks/${body.id}\\?`),
        stream: expect.stringMatching(`^/tasks/${body.id}/stream\\?`),
      },
    });
    expect(response.headers.get("location")).toBe(body.links.self);
    await drain();
    expect(await app.result(body.id).get()).toBe(3);
  });

  it("takes named arguments, a countdown and an expiry", async () => {
    const { post, broker, clock, finish, app } = served();

    const { id } = await accepted(await post("shop.add", { kwargs: { x: 1, y: 2 }, countdown: "1m", expires: 3600 }));

    expect(broker.waiting.map(({ dueAt }) => dueAt)).toEqual([clock.now() + 60_000]);
    await finish();
    expect(await app.result(id).get()).toBe(3);
  });

  it.each([
    { what: "no token", headers: {}, says: "needs the header Authorization: Bearer TOKEN, with UMBEL_RESULTS_TOKEN's" },
    {
      what: "a wrong token",
      headers: { authorization: "Bearer wrong" },
      says: "its token is not UMBEL_RESULTS_TOKEN's",
    },
    { what: "another scheme", headers: { authorization: "Basic umbel-dev" }, says: "is not UMBEL_RESULTS_TOKEN's" },
  ])("is refused with $what, and nothing is sent", async ({ headers, says }) => {
    const { post, broker } = served();

    const response = await post("shop.add", { args: [1, 2] }, headers);

    expect(response.status).toBe(401);
    expect(response.headers.get("www-authenticate")).toBe("Bearer");
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    const detail = expect.stringContaining(says);
    expect(await response.json()).toMatchObject({ status: 401, code: "UNAUTHORIZED", detail });
    expect(broker.waiting).toEqual([]);
  });

  it.each([
    { what: "a task that is not there", name: "shop.none", body: {}, status: 404, says: /no task named "shop.none"/ },
    {
      what: "a task whose name is misspelt",
      name: "shop.ad",
      body: {},
      status: 404,
      says: /the nearest is "shop.add"/,
    },
    { what: "no JSON", name: "shop.add", body: "{", status: 400, says: /^expected a JSON object$/ },
    { what: "no object", name: "shop.add", body: "[]", status: 400, says: /^expected a JSON object$/ },
    { what: "a field that is not known", name: "shop.add", body: { argz: [] }, status: 400, says: /^unknown: argz$/ },
    {
      what: "arguments that are no list",
      name: "shop.add",
      body: { args: "1" },
      status: 400,
      says: /^args: expected a list$/,
    },
    {
      what: "a countdown that is no duration",
      name: "shop.add",
      body: { args: [1, 2], countdown: "soon" },
      status: 400,
      says: /countdown: "soon" is not a duration/,
    },
    {
      what: "an expiry that is no duration",
      name: "shop.add",
      body: { args: [1, 2], expires: "later" },
      status: 400,
      says: /expires: "later" is not a duration/,
    },
    {
      what: "an argument that does not fit",
      name: "shop.visit",
      body: { args: ["nowhere"] },
      status: 400,
      says: /args\[0\]: /,
    },
    {
      what: "a name that the task does not know",
      name: "shop.add",
      body: { kwargs: { z: 1 } },
      status: 400,
      says: /unexpected keyword argument 'z'/,
    },
  ])("answers $status for $what, and sends nothing", async ({ name, body, status, says }) => {
    const { post, broker } = served();

    const response = await post(name, body);

    expect(response.status).toBe(status);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(await response.json()).toMatchObject({ status, detail: expect.stringMatching(says) });
    expect(broker.waiting).toEqual([]);
  });

  it("is refused with a body that is too large, which is not read to its end", async () => {
    const { post, broker } = served({ app: { workerMaxBody: 1000 } });

    const response = await post("shop.add", { args: [1, "x".repeat(2000)] });

    expect(response.status).toBe(413);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    expect(await response.text()).toContain("workerMaxBody (1000 bytes)");
    expect(broker.waiting).toEqual([]);
  });

  it("never starts a built-in task", async () => {
    const { post, broker } = served();

    expect((await post("umbel.start", { args: ["x"] })).status).toBe(404);
    expect((await post("celery.accumulate", { args: ["x"] })).status).toBe(404);
    expect(broker.waiting).toEqual([]);
  });

  it("says 503 while the broker is away", async () => {
    const { post, ports, clock } = served();
    for (let tries = 0; tries < 6; tries += 1) {
      ports.before("publish", () => {
        throw new BrokerUnavailable("the broker is away");
      });
    }

    const answered = post("shop.add", { args: [1, 2] });
    await until(() => ports.calls.includes("publish"));
    await clock.advance(5);

    expect((await answered).status).toBe(503);
  });
});

describe("GET /:id", () => {
  it("is 200 PENDING for an id that nobody knows", async () => {
    const { get } = served();

    const response = await get("/tasks/never-sent");

    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      id: "never-sent",
      state: "PENDING",
      retries: 0,
      children: [],
      parent: null,
    });
  });

  it("shows a value, when it came, and what the call has sent", async () => {
    const { app, get, finish, clock } = served();
    const child = app.task("shop.child", (x: number) => x);
    const parent = app.task("shop.parent", async () => (await child.delay(1)).id);
    const result = await parent.delay();
    await finish();
    const childId = await result.get();

    const response = await get(`/tasks/${result.id}`);

    expect(await response.json()).toEqual({
      id: result.id,
      state: "SUCCESS",
      result: childId,
      retries: 0,
      dateDone: new Date(clock.now()).toISOString(),
      children: [childId],
      parent: null,
    });
    expect(await (await get(`/tasks/${childId}`)).json()).toMatchObject({ parent: result.id, result: 1 });
  });

  it("shows a failure as type, message and traceback", async () => {
    const { app, get, drain } = served();
    const result = await app.sendTask("shop.boom");
    await drain();

    const body: unknown = await (await get(`/tasks/${result.id}`)).json();

    expect(body).toMatchObject({
      state: "FAILURE",
      error: { type: "RangeError", message: "too far", traceback: expect.stringContaining("RangeError: too far") },
    });
    expect(body).not.toHaveProperty("result");
  });

  it("shows which call has failed where this one waited for it, be it a member of a chord", async () => {
    const { app, get, finish } = served();
    const [boom, more] = [app.signature("shop.boom"), app.signature("shop.add", { args: [1] })];
    const after = await chain(boom, more).delay();
    const body = await chord([app.signature("shop.add", { args: [1, 1] }), boom], more).delay();
    await finish();

    const failed = { step: after.parent?.id, member: body.parent?.ids[1] };
    expect(await (await get(`/tasks/${after.id}`)).json()).toMatchObject({
      error: { type: "RangeError", message: "too far", origin: { id: failed.step, task: "shop.boom" } },
    });
    expect(await (await get(`/tasks/${body.id}`)).json()).toMatchObject({
      error: { type: "ChordError", origin: { id: failed.member, task: "shop.boom" } },
    });
    expect(await (await get(`/tasks/${failed.step}`)).json()).not.toHaveProperty("error.origin");
  });

  it("shows a time limit in words, as get() does: what is stored is a number, as in Celery", async () => {
    const { app, get, finish } = served();
    const slow = app.task({ name: "shop.slow", timeLimit: 5 }, async () => await new Promise<null>(() => undefined));
    const result = await slow.delay();
    await finish();
    const error: unknown = await result.get({ propagate: false });

    expect(await (await get(`/tasks/${result.id}`)).json()).toMatchObject({
      error: { type: "TimeLimitExceeded", message: expect.stringContaining("hard time limit of 5 s") },
    });
    expect(error).toMatchObject({ message: `The call ${result.id} took longer than its hard time limit of 5 s` });
  });

  it("shows a retry that waits, with its number and its reason", async () => {
    const { app, get, broker } = served();
    const again = app.task({ name: "shop.again", bind: true }, (task) => task.retry({ exc: new TypeError("busy") }));
    const result = await again.delay();
    await broker.deliverNext();

    expect(await (await get(`/tasks/${result.id}`)).json()).toMatchObject({
      state: "RETRY",
      retries: 0,
      error: { type: "TypeError", message: "busy" },
    });
  });

  it("shows a revoked call", async () => {
    const { app, get, drain } = served();
    const result = await app.sendTask("shop.add", { args: [1, 2] });
    await result.revoke();
    await drain();

    expect(await (await get(`/tasks/${result.id}`)).json()).toMatchObject({
      state: "REVOKED",
      error: { type: "TaskRevokedError", message: "revoked" },
    });
  });

  it("takes any id that a user may choose", async () => {
    const { app, get, drain } = served();
    await app.sendTask("shop.add", { args: [1, 2], taskId: "my id/with %2F" });
    await drain();

    const response = await get(`/tasks/${encodeURIComponent("my id/with %2F")}`);

    expect(await response.json()).toMatchObject({ id: "my id/with %2F", result: 3 });
  });
});

describe("GET /:id?wait", () => {
  it("answers as soon as the call has ended", async () => {
    const { app, get, drain } = served();
    const result = await app.sendTask("shop.add", { args: [1, 2] });

    const waiting = get(`/tasks/${result.id}?wait=10`);
    await drain();

    expect(await (await waiting).json()).toMatchObject({ state: "SUCCESS", result: 3 });
  });

  it.each([
    { asked: 10, after: 10 },
    { asked: 600, after: 30 },
  ])("tells what is known when the end does not come: asked for $asked s, after $after s", async ({ asked, after }) => {
    const { get, clock } = served();
    let answered = false;

    const waiting = get(`/tasks/never-sent?wait=${asked}`).finally(() => (answered = true));
    await until(() => clock.sleepers() === 1);
    await clock.advance(after - 1);
    expect(answered).toBe(false);
    await clock.advance(1);

    expect(await (await waiting).json()).toMatchObject({ state: "PENDING" });
  });

  it("answers at once when it is asked to wait for nothing", async () => {
    const { get } = served();

    expect((await get("/tasks/never-sent?wait=0")).status).toBe(200);
  });

  it.each(["-5", "soon", "", "1e3", "Infinity"])("refuses to wait for %j", async (asked) => {
    const { get } = served();

    const response = await get(`/tasks/never-sent?wait=${asked}`);

    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ code: "VALIDATION", detail: "wait takes a number of seconds" });
  });

  it("stops waiting when its reader has gone", async () => {
    const { web, clock } = served();
    const reader = new AbortController();

    const waiting = web.request("/tasks/never-sent?wait=20", { headers: token, signal: reader.signal });
    await until(() => clock.sleepers() === 1);
    reader.abort();
    await waiting;

    expect(clock.sleepers()).toBe(0);
  });

  it("waits no longer than the service allows", async () => {
    const { get, clock } = served({ options: { maxWait: "2s" } });

    const waiting = get("/tasks/never-sent?wait=600");
    await until(() => clock.sleepers() === 1);
    await clock.advance(2);

    expect((await waiting).status).toBe(200);
  });
});

describe("GET /:id/stream", () => {
  it("sends each state as it comes, and ends with the last", async () => {
    const { app, get, drain, gates } = served();
    const result = await app.sendTask("shop.steps");
    const response = await get(`/tasks/${result.id}/stream`);
    expect(response.headers.get("content-type")).toMatch(/^text\/event-stream/);
    const events = eventsOf(response);

    expect(await events.next()).toMatchObject({ event: "state", data: { state: "PENDING" } });
    const drained = drain();
    expect(await events.next()).toMatchObject({ event: "state", data: { state: "STARTED" } });
    expect(await events.next()).toMatchObject({ data: { state: "PROGRESS", result: { done: 1, of: 2 } } });
    await until(() => gates.length === 1);
    gates[0]?.("there");
    expect(await events.next()).toMatchObject({ data: { id: result.id, state: "SUCCESS", result: "there" } });
    expect(await events.next()).toBeUndefined();
    await drained;
  });

  it("sends one state and ends when the call has ended already", async () => {
    const { app, get, drain } = served();
    const result = await app.sendTask("shop.add", { args: [1, 2] });
    await drain();

    const text = await (await get(`/tasks/${result.id}/stream`)).text();

    expect(text).toMatch(/^event: state\ndata: \{.*"state":"SUCCESS","result":3.*\}\n\n$/);
  });

  it("sends the retries on the way", async () => {
    const { app, get, finish } = served();
    const again = app.task({ name: "shop.again", bind: true }, (task) => {
      if (task.request.retries === 0) task.retry({ countdown: 5 });
      return "done";
    });
    const result = await again.delay();

    const response = await get(`/tasks/${result.id}/stream`);
    await finish();

    expect([...(await response.text()).matchAll(/"state":"(\w+)"/g)].map(([, state]) => state)).toEqual([
      "PENDING",
      "RETRY",
      "SUCCESS",
    ]);
  });

  it("sends a sign of life on a silent stream", async () => {
    const { get, clock } = served({ options: { heartbeat: 5 } });
    const response = await get("/tasks/never-sent/stream");
    const events = eventsOf(response);
    await events.next();

    const silence = events.next();
    await clock.advance(5);

    expect(await silence).toEqual({ comment: "ping" });
    await events.cancel();
  });

  it("lets go of the store and the clock when its reader has gone", async () => {
    const { get, clock } = served({ options: { heartbeat: 5 } });
    const response = await get("/tasks/never-sent/stream");
    const events = eventsOf(response);
    await events.next();

    await events.cancel();
    await clock.advance(0);

    expect(clock.sleepers()).toBe(0);
  });

  it("ends, and lets go of the clock, when the store breaks off", async () => {
    const { app, clock } = world({}, (backend) => ({ ...backend, watch: brokenWatch }));

    const response = await results(app).request("/never-sent/stream", { headers: token });

    expect(await response.text()).toMatch(/^event: state\ndata: .*PENDING.*\n\n/);
    await clock.advance(0);
    expect(clock.sleepers()).toBe(0);
  });
});

describe("who may read", () => {
  it("whoever has the link that enqueueing returned, without a token", async () => {
    const { post, get, drain } = served();
    const { links } = await accepted(await post("shop.add", { args: [1, 2] }));
    await drain();

    expect(await (await get(links.self, {})).json()).toMatchObject({ result: 3 });
    expect(await (await get(`${links.self}&wait=5`, {})).json()).toMatchObject({ result: 3 });
    expect(await (await get(links.stream, {})).text()).toContain('"result":3');
  });

  it.each<{ readonly what: string; readonly change: (link: string) => string }>([
    { what: "no link", change: (link) => link.replace(/\?.*/, "") },
    { what: "a link whose signature was changed", change: (link) => link.replace(/signature=./, "signature=g") },
    { what: "a link without its signature", change: (link) => link.replace(/&?signature=\w+/, "") },
    { what: "a link that was made to last longer", change: (link) => link.replace(/expires=\d/, "expires=9") },
    { what: "a link without its end", change: (link) => link.replace(/expires=\d+&?/, "") },
    { what: "another call's link", change: (link) => link.replace(/tasks\/[^?]+/, "tasks/another-id") },
  ])("nobody with $what", async ({ change }) => {
    const { post, get } = served();
    const { links } = await accepted(await post("shop.add", { args: [1, 2] }));

    const response = await get(change(links.self), {});

    expect(response.status).toBe(401);
    expect(response.headers.get("content-type")).toBe("application/problem+json");
    const isLink = change(links.self).includes("?");
    const detail = expect.stringContaining(
      isLink ? "The link is not one of this service's" : "Reading needs the header",
    );
    expect(await response.json()).toMatchObject({ code: "UNAUTHORIZED", detail });
    expect((await get(change(links.stream).replace(/(another-id)(?!\/)/, "$1/stream"), {})).status).toBe(401);
  });

  it("nobody with a link whose time is over", async () => {
    const { post, get, clock } = served({ options: { linkLife: "1h" } });
    const { links } = await accepted(await post("shop.add", { args: [1, 2] }));

    await clock.advance(3599);
    expect((await get(links.self, {})).status).toBe(200);
    await clock.advance(1);
    expect((await get(links.self, {})).status).toBe(401);
  });

  it("nobody with a link of a service with another secret", async () => {
    const mine = served({ options: { token: "mine" } });
    const { links } = await accepted(await mine.post("shop.add", { args: [1, 2] }, { authorization: "Bearer mine" }));

    expect((await mine.get(links.self, {})).status).toBe(200);
    expect((await served().get(links.self, {})).status).toBe(401);
  });

  it("whoever has the token of the environment; in production there must be one", async () => {
    const own = served({ app: { env: { UMBEL_RESULTS_TOKEN: "own" } } });
    const careless = served({ app: { env: { NODE_ENV: "production" } } });

    expect((await own.get("/tasks/x", { authorization: "Bearer own" })).status).toBe(200);
    expect((await own.get("/tasks/x")).status).toBe(401);
    const response = await careless.get("/tasks/x");
    expect(response.status).toBe(500);
    expect(await response.text()).toContain("UMBEL_RESULTS_TOKEN");
  });

  it("nobody from another machine with the development token, which everybody knows", async () => {
    const { web, broker } = served();
    const call = { method: "POST", headers: token, body: '{"args":[1,2]}' };

    const answers = [
      await web.request("http://shop.example/tasks/x", { headers: token }),
      await web.request("https://shop.example/tasks/shop.add", call),
    ];

    for (const response of answers) {
      expect(response.status).toBe(500);
      expect(await response.text()).toContain("UMBEL_RESULTS_TOKEN");
    }
    expect(broker.waiting).toEqual([]);
  });

  it("nobody when the secret is an empty text: that is none", async () => {
    const empty = served({ options: { token: "" }, app: { env: { NODE_ENV: "production" } } });

    const response = await empty.get("/tasks/x?expires=99999999999999&signature=00", {});

    expect(await response.text()).toContain("UMBEL_RESULTS_TOKEN");
  });
});

/** A store that says that nothing is known, and then cannot be reached. */
async function* brokenWatch(): AsyncGenerator<undefined> {
  yield await Promise.resolve(undefined);
  throw new BackendUnavailable("the store is away");
}

/** Reads a stream of server-sent events one by one. */
function eventsOf(response: Response) {
  const reader = (response.body ?? new ReadableStream<Uint8Array>()).getReader();
  const decoder = new TextDecoder();
  let text = "";
  return {
    async next(): Promise<{ event?: string; data?: unknown; comment?: string } | undefined> {
      for (;;) {
        const end = text.indexOf("\n\n");
        if (end !== -1) {
          const block = text.slice(0, end);
          text = text.slice(end + 2);
          return eventIn(block);
        }
        const { done, value } = await reader.read();
        if (done) return undefined;
        text += decoder.decode(value, { stream: true });
      }
    },
    cancel: async () => await reader.cancel(),
  };
}

function eventIn(block: string) {
  if (block.startsWith(":")) return { comment: block.slice(1).trim() };
  const fields = Object.fromEntries(block.split("\n").map((line) => line.split(/: (.*)/s, 2)));
  return { event: fields["event"], data: JSON.parse(fields["data"] ?? "null") };
}
