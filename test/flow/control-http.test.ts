/** Control over HTTP: who may, what is answered, and what is refused with which words. */

import { type LogRecord, Reject } from "umbel";
import { controlRoutes } from "umbel/control";
import { describe, expect, it } from "vitest";
import { world, type WorldOptions } from "./world.ts";

const token = "a-token-of-our-own";

/** An application with a task, and what asks its control over HTTP. */
function shop(options: WorldOptions = {}) {
  const home = world({ env: { UMBEL_CONTROL_TOKEN: token }, ...options });
  const state = { isMended: false };
  const add = home.app.task("shop.add", (x: number, y: number) => {
    if (!state.isMended) throw new Reject("not yet");
    return x + y;
  });
  const site = controlRoutes(home.app);
  return { ...home, state, add, ask };

  async function ask(what: string, body?: unknown, authorization = `Bearer ${token}`) {
    const [method = "", path = ""] = what.split(" ");
    const response = await site.request(`https://shop.example${path}`, {
      method,
      headers: { authorization },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    return { status: response.status, headers: response.headers, body: await response.json() };
  }
}

const node = "worker@tasks";

describe("control over HTTP", () => {
  it("asks and tells in Celery's words, with its arguments", async () => {
    const { ask, add, finish, clock } = shop();
    await add.delay(1, 2);
    await finish();
    const later = await add.applyAsync([3, 4], { countdown: 60 });

    expect(await ask("GET /inspect/ping")).toMatchObject({ status: 200, body: { [node]: { ok: "pong" } } });
    expect((await ask("GET /inspect/ping?destination=worker@other")).body).toEqual({});
    expect((await ask("GET /inspect/scheduled?limit=1")).body[node]).toHaveLength(1);
    expect(await ask("GET /inspect/dump_schedule")).toMatchObject({
      body: { [node]: [{ request: { id: later.id } }] },
    });
    expect(await ask(`GET /inspect/query_task?ids=${later.id},nobody`)).toMatchObject({
      body: { [node]: { [later.id]: ["reserved", { name: "shop.add" }] } },
    });
    expect(await ask("GET /inspect/conf?with_defaults=true")).toMatchObject({
      body: { [node]: { taskDefaultQueue: "default" } },
    });
    expect(await ask("POST /control/rate_limit", { task_name: "shop.add", rate_limit: "10/m" })).toMatchObject({
      status: 200,
      body: [
        {
          [node]: { ok: expect.stringMatching(/^new rate limit set successfully\nshop\.add declares no rateLimit: /) },
        },
      ],
    });
    expect(await ask("GET /inspect/registered?taskinfoitems=rate_limit")).toMatchObject({
      body: { [node]: ["shop.add [rate_limit=10/m]"] },
    });
    const limits = { task_name: "shop.add", soft: 5, hard: 9 };
    expect(await ask("POST /control/time_limit", limits)).toMatchObject({
      body: [{ [node]: { ok: "time limits set successfully" } }],
    });
    const asked = "GET /inspect/registered?taskinfoitems=soft_time_limit,time_limit";
    expect((await ask(asked)).body).toEqual({ [node]: ["shop.add [soft_time_limit=5 time_limit=9]"] });
    await ask("POST /control/time_limit", { ...limits, soft: "default" });
    expect((await ask(asked)).body).toEqual({ [node]: ["shop.add [time_limit=9]"] });
    await ask("POST /control/time_limit", { ...limits, soft: "default", hard: "default" });
    expect((await ask(asked)).body).toEqual({ [node]: ["shop.add"] });
    expect(await ask("POST /control/shutdown", { pattern: "worker@t*" })).toMatchObject({
      body: [{ [node]: { ok: "shutting down" } }],
    });
    expect(await ask("POST /control/restart")).toMatchObject({ body: [{ [node]: { ok: "restarting" } }] });
    expect(await ask("POST /control/revoke", { task_id: later.id })).toMatchObject({
      body: [{ [node]: { ok: `tasks {'${later.id}'} flagged as revoked` } }],
    });
    expect(await ask("GET /revoked")).toMatchObject({ body: { items: [later.id], unread: 0 } });
    expect((await ask("GET /status")).body).toMatchObject({ nodes: [{ node, drained: false }], revoked: 1 });
    expect((await ask("GET /status")).headers.get("cache-control")).toBe("no-store");
    await clock.advance(60);
  });

  it("lists page by page, replays and purges", async () => {
    const { ask, add, state, finish } = shop();
    const failed = await add.delay(1, 2);
    await finish();
    const waiting = await Promise.all([add.delay(1, 1), add.delay(2, 2), add.applyAsync([3, 3], { countdown: 60 })]);

    const found: string[] = [];
    for (let query = "limit=1", more = true; more;) {
      const { items, cursor } = (await ask(`GET /tasks/reserved?${query}`)).body;
      for (const { id } of items) found.push(id);
      more = cursor !== undefined;
      query = `limit=1&cursor=${encodeURIComponent(cursor)}`;
    }
    expect(new Set(found)).toEqual(new Set(waiting.slice(0, 2).map(({ id }) => id)));
    expect((await ask("GET /tasks/scheduled")).body).toMatchObject({
      items: [{ id: waiting[2].id, eta: expect.any(String) }],
    });
    expect(await ask("GET /purge")).toMatchObject({ body: { messages: 3 } });
    expect(await ask("POST /purge", { queues: ["other"] })).toMatchObject({ body: { messages: 0 } });
    expect(await ask("POST /purge", { queues: ["default"] })).toMatchObject({ body: { messages: 3 } });

    expect(await ask("GET /dead?task=shop.*")).toMatchObject({ body: { items: [{ id: failed.id, status: 489 }] } });
    const died = (await ask("GET /dead")).body.items[0].diedAt;
    expect((await ask(`GET /dead?since=${died}`)).body.items).toHaveLength(1);
    expect((await ask(`GET /dead?since=${died + 1}`)).body.items).toEqual([]);
    state.isMended = true;
    expect(await ask("POST /replay", { task: "shop.*", dryRun: true })).toMatchObject({ body: { count: 1 } });
    expect(await ask("POST /replay", { ids: [failed.id], args: [5, 6] })).toMatchObject({ body: { count: 1 } });
    await finish();
    expect(await failed.get()).toBe(11);
    expect(await ask("POST /replay", { since: "2026-01-01T00:00:00Z" })).toMatchObject({ body: { count: 0 } });
  });
});

describe("a caller without the token", () => {
  it.each([
    ["no token", ""],
    ["another one", "Bearer wrong"],
    ["the one that everybody knows", "Bearer umbel-dev"],
  ])("with %s learns nothing, not even what there is", async (_what, authorization) => {
    const { ask } = shop();

    for (const what of ["GET /status", "POST /control/shutdown", "GET /nowhere"]) {
      const answer = await ask(what, undefined, authorization);
      expect(answer).toMatchObject({ status: 401, body: { code: "UNAUTHORIZED" } });
      expect(answer.headers.get("www-authenticate")).toBe("Bearer");
    }
  });
});

describe("a request that makes no sense", () => {
  it.each([
    ["GET /inspect/actve", undefined, 400, 'There is no inspect command "actve"; the nearest name is "active"'],
    ["POST /control/pool_grow", { n: 1 }, 400, "There is no pool_grow: a worker here has no pool of processes"],
    ["POST /control/rate_limit", {}, 400, "The arguments of rate_limit: task_name"],
    ["POST /control/rate_limit", "{", 400, "The body is no JSON"],
    ["POST /control/rate_limit", [], 400, "The request: expected a JSON object"],
    ["POST /control/ping", { destination: "one" }, 400, "The request: destination: expected a list of texts"],
    ["GET /tasks/ready", undefined, 400, "There are no tasks/ready: there are active, reserved and scheduled"],
    ["GET /tasks/active?limit=0", undefined, 400, 'limit is "0": give a whole number from 1 to 1000'],
    ["POST /purge", { queue: "x" }, 400, "The request: unknown: queue"],
    ["POST /purge", undefined, 400, 'give { "queues": [...] }, or { "all": true } for everything'],
    ["POST /purge", { all: true, queues: ["x"] }, 400, "they contradict"],
    ["POST /purge", { all: false }, 400, "The request: all: expected true"],
    ["POST /replay", undefined, 400, 'or { "all": true } for everything'],
    ["POST /replay", { dryRun: true }, 400, 'or { "all": true } for everything'],
    ["POST /control/time_limit", { task_name: "shop.add", sotf: 5 }, 400, "The arguments of time_limit: unknown: sotf"],
    ["POST /control/time_limit", { task_name: "shop.add" }, 400, "The arguments of time_limit: expected soft or hard"],
    ["POST /control/revoke", { task_id: "a", terminat: true }, 400, "The arguments of revoke: unknown: terminat"],
    ["POST /control/revoke", { task_id: [] }, 400, "The arguments of revoke: task_id: expected the id of a task"],
    ["POST /control/revoke", { task_id: [""] }, 400, "The arguments of revoke: task_id.0: expected the id of a task"],
    ["POST /control/cancel_consumer", { queue: "q".repeat(256) }, 400, "at most 255 characters"],
    ["GET /tasks/active?cursor=x", undefined, 400, 'cursor is "x": give that of an earlier page of this list'],
    ["GET /tasks/reserved?cursor=x", undefined, 400, 'cursor is "x"'],
    ["GET /revoked?cursor=1%20a", undefined, 400, 'cursor is "1 a"'],
    ["GET /dead?cursor=.", undefined, 400, 'cursor is "."'],
    ["POST /replay", { since: "noon" }, 400, "The request: since: expected an ISO 8601 date and time"],
    ["GET /inspect/ping?pattern=(&matcher=pcre", undefined, 400, 'The pattern "(" cannot be read'],
    ["GET /nowhere", undefined, 404, "There is no GET /nowhere: there are GET status"],
  ])("as %s %j is refused, and says how to mend it", async (...[what, body, status, detail]) => {
    const { ask } = shop();

    const answer = await ask(what, body);

    expect(answer).toMatchObject({ status, body: { detail: expect.stringContaining(detail) } });
    expect(answer.headers.get("content-type")).toBe("application/problem+json");
  });

  it("without the token's setting is told which it is, and the log once", async () => {
    const lines: LogRecord[] = [];
    const { ask } = shop({ env: { NODE_ENV: "production" }, log: (line: LogRecord) => lines.push(line) });

    for (const _ of ["once", "twice"]) {
      expect(await ask("GET /status")).toMatchObject({
        status: 503,
        body: { code: "MISSING_SETTING", detail: expect.stringContaining("UMBEL_CONTROL_TOKEN is not set") },
      });
    }
    expect(lines).toMatchObject([{ level: "ERROR" }]);
  });

  it("for now, as the store is away, is told so", async () => {
    const { ask, outage } = shop();
    outage(60);

    expect(await ask("GET /status")).toMatchObject({ status: 503, body: { code: "BACKEND_UNAVAILABLE" } });
  });
});
