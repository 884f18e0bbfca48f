/** Entries over HTTP: who may, what is answered, and what is refused with which words. */

import { beat, schedules } from "umbel/beat";
import { describe, expect, it } from "vitest";
import { world } from "./world.ts";

const token = "a-token-of-our-own";

/** A beat with one entry of code, and what asks it over HTTP. */
function shop() {
  const home = world({ env: { UMBEL_BEAT_TOKEN: token } });
  const ran: unknown[] = [];
  const note = home.app.task({ name: "shop.note", params: ["what"] }, (what: string) => void ran.push(what));
  const site = beat(home.app, { fixed: { task: note.s("4111"), schedule: { minutes: 10 } } });
  return { ...home, ran, note, site, entries: schedules(home.app), ask };

  async function ask(what: string, body?: unknown, authorization = `Bearer ${token}`) {
    const [method = "", path = ""] = what.split(" ");
    const response = await site.request(`https://beat.example${path}`, {
      method,
      headers: { authorization },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === "" ? undefined : JSON.parse(text) };
  }
}

const minutely = { task: "shop.note", args: ["hello"], schedule: "1m" };

describe("an entry over HTTP", () => {
  it("is put, shown, paused, resumed, triggered and removed", async () => {
    const { ask, finish, ran, site, clock } = shop();
    await site.tick();

    const put = await ask("PUT /schedules/greeting", { ...minutely, endAt: "2030-01-01T00:00:00Z" });
    const paused = await ask("POST /schedules/greeting/pause");
    await clock.advance(120);
    await site.tick();
    const resumed = await ask("POST /schedules/greeting/resume");
    const triggered = await ask("POST /schedules/greeting/trigger");
    await finish();

    expect(put).toMatchObject({ status: 200, body: { name: "greeting", kind: "dynamic", schedule: "every minute" } });
    expect(put.headers.get("cache-control")).toBe("no-store");
    expect(paused).toMatchObject({ status: 200, body: { paused: true } });
    expect(paused.body).not.toHaveProperty("nextRun");
    expect(resumed).toMatchObject({ status: 200, body: { paused: false, nextRun: "2026-01-01T00:03:00.000Z" } });
    expect(triggered).toMatchObject({ status: 202, body: { id: expect.any(String) } });
    expect(ran).toEqual(["hello"]);
    expect(await ask("GET /schedules")).toMatchObject({
      body: { entries: [{ name: "fixed" }, { name: "greeting" }] },
    });
    expect(await ask("DELETE /schedules/greeting")).toMatchObject({ status: 204, body: undefined });
    expect(await ask("GET /schedules/greeting")).toMatchObject({ status: 404, body: { code: "ENTRY_NOT_FOUND" } });
  });

  it("may be a signature in Celery's form, and have any name", async () => {
    const { ask } = shop();
    const task = { task: "shop.note", args: ["bye"], kwargs: {}, options: { queue: "slow" } };

    const name = encodeURIComponent("shop/à la carte?");
    const put = await ask(`PUT /schedules/${name}`, { task, schedule: "30 7 * * mon", timezone: "Europe/Oslo" });

    expect(put).toMatchObject({
      status: 200,
      body: { name: "shop/à la carte?", signature: task, nextRun: "2026-01-05T06:30:00.000Z" },
    });
    expect(await ask(`GET /schedules/${name}/next?count=2`)).toMatchObject({
      status: 200,
      body: { runs: ["2026-01-05T06:30:00.000Z", "2026-01-12T06:30:00.000Z"] },
    });
  });

  it("is backfilled, or counted only", async () => {
    const { ask, finish, ran, clock } = shop();
    await ask("PUT /schedules/greeting", minutely);
    await clock.advance(3600);
    const range = { from: "2026-01-01T00:10:00Z", to: "2026-01-01T00:12:30Z" };

    const counted = await ask("POST /schedules/greeting/backfill", { ...range, dryRun: true });
    const filled = await ask("POST /schedules/greeting/backfill", range);
    const again = await ask("POST /schedules/greeting/backfill", range);
    await finish();

    expect(counted).toMatchObject({ status: 200, body: { sent: 0, dryRun: true } });
    expect(counted.body.runs.map(({ slot }: { slot: string }) => slot)).toEqual([
      "2026-01-01T00:10:00.000Z",
      "2026-01-01T00:11:00.000Z",
      "2026-01-01T00:12:00.000Z",
    ]);
    expect(filled).toMatchObject({ status: 202, body: { sent: 3, runs: counted.body.runs } });
    expect(again.body).toEqual(filled.body);
    expect(ran.length).toBe(3);
  });
});

describe("whoever asks", () => {
  it.each([
    ["GET", "/schedules"],
    ["GET", "/schedules/fixed"],
    ["PUT", "/schedules/fixed"],
    ["DELETE", "/schedules/fixed"],
    ["POST", "/schedules/fixed/pause"],
    ["POST", "/schedules/fixed/resume"],
    ["POST", "/schedules/fixed/trigger"],
    ["POST", "/schedules/fixed/backfill"],
    ["GET", "/schedules/fixed/next"],
  ])("needs the token for %s %s, and learns nothing without it", async (method, path) => {
    const { ask, broker } = shop();

    for (const authorization of ["Bearer guess", "Basic x", ""]) {
      const { status, headers, body } = await ask(`${method} ${path}`, undefined, authorization);

      expect(status).toBe(401);
      expect(headers.get("www-authenticate")).toBe("Bearer");
      expect(body).toMatchObject({ code: "UNAUTHORIZED", detail: expect.stringMatching(/token/i) });
    }
    expect(broker.waiting).toEqual([]);
  });

  it("sees without a token which entries of code there are, and no argument", async () => {
    const { ask } = shop();

    const { body } = await ask("GET /", undefined, "");

    expect(JSON.stringify(body)).toContain("shop.note");
    expect(JSON.stringify(body)).not.toContain("4111");
  });
});

describe("a mistake over HTTP", () => {
  it("is told of: an entry of code is edited where it is declared", async () => {
    const { ask, site } = shop();
    await site.tick();

    for (const [method, body] of [
      ["PUT", minutely],
      ["DELETE", undefined],
    ] as const) {
      expect(await ask(`${method} /schedules/fixed`, body)).toMatchObject({
        status: 409,
        body: { code: "ENTRY_IN_CODE", detail: expect.stringContaining('"fixed" is declared in code') },
      });
    }
    expect(await ask("POST /schedules/fixed/pause")).toMatchObject({ status: 200, body: { paused: true } });
  });

  it.each<[what: string, body: unknown, words: string]>([
    ["no JSON", "{", "The body is no JSON"],
    ["a list", [], "object"],
    ["no task", { schedule: 30 }, "task: expected the name of a task, or a signature"],
    ["no schedule", { task: "shop.note", args: ["x"] }, "schedule: it is missing"],
    [
      "a task that there is not",
      { ...minutely, task: "shop.not" },
      'no task named "shop.not" here: the nearest is "shop.note"',
    ],
    ["too few arguments", { ...minutely, args: [] }, "shop.note() missing 1 required positional argument: 'what'"],
    ["arguments that are no list", { ...minutely, args: "x" }, 'args of the beat entry "new" is "x": give a list'],
    [
      "a number beyond what is exact, where a list is to be",
      '{"task":"shop.note","args":{"n":-9007199254740993},"schedule":30}',
      'args of the beat entry "new" is {"n":"-9007199254740993n"}: give a list',
    ],
    [
      "a number beyond what is exact for a schedule",
      '{"task":"shop.note","args":["x"],"schedule":9007199254740993}',
      "9007199254740993 is no schedule: give 300",
    ],
    [
      "a misspelt field",
      { ...minutely, catchUp: "all" },
      'no field "catchUp" of the beat entry "new"; the nearest name is "catchup"',
    ],
    ["a policy that there is not", { ...minutely, catchup: "twice" }, 'is "twice": give "skip", "once", "all"'],
    ["a zone that there is not", { ...minutely, timezone: "Europe/Olso" }, "Europe/Oslo"],
    ["an interval of nothing", { ...minutely, schedule: 0 }, "is under a second"],
    ["the 31st of February", { ...minutely, schedule: "0 0 31 2 *" }, 'schedule of the beat entry "new"'],
    ["no instant", { ...minutely, startAt: "tomorrow" }, "startAt: expected an ISO 8601 date and time"],
    ["an option that there is not", { ...minutely, options: { que: "slow" } }, 'the nearest name is "queue"'],
    ["an id", { ...minutely, options: { taskId: "1" } }, "the id of a run is beat's own"],
  ])("is told of with the field, the value and what is allowed: %s", async (_what, body, words) => {
    const { ask } = shop();

    const answer = await ask("PUT /schedules/new", body);

    expect(answer).toMatchObject({ status: 400, body: { detail: expect.stringContaining(words) } });
    expect(await ask("GET /schedules/new")).toMatchObject({ status: 404 });
  });

  it.each(["PUT /schedules/new", "POST /schedules/fixed/backfill"])("is read up to a megabyte: %s", async (what) => {
    const { ask } = shop();

    const within = await ask(what, " ".repeat(1_048_576));
    const beyond = await ask(what, " ".repeat(1_048_577));

    expect(within).toMatchObject({ status: 400, body: { detail: expect.stringContaining("no JSON") } });
    expect(beyond).toMatchObject({ status: 413, body: { code: "BODY_TOO_LARGE" } });
  });

  it.each<[what: string, body: unknown, words: string]>([
    ["nothing", undefined, "no JSON"],
    ["what is to come", { from: "2026-01-01T00:00:00Z", to: "2027-01-01T00:00:00Z" }, "which is to come"],
    ["the wrong way round", { from: "2026-01-01T00:00:00Z", to: "2025-01-01T00:00:00Z" }, "which is after to"],
    ["too much", { from: "2025-12-01T00:00:00Z", to: "2026-01-01T00:00:00Z" }, "more than 100 runs"],
    ["a limit beyond all", { from: "2025-12-31T00:00:00Z", to: "2026-01-01T00:00:00Z", limit: 5000 }, "from 1 to 1000"],
  ])("is told of where a backfill cannot be: %s", async (_what, body, words) => {
    const { ask } = shop();
    await ask("PUT /schedules/greeting", minutely);

    expect(await ask("POST /schedules/greeting/backfill", body)).toMatchObject({
      status: 400,
      body: { detail: expect.stringContaining(words) },
    });
  });

  it.each(["x", "", "-1", "1e2", "0", "1001"])("is told of where so many next runs cannot be: %j", async (count) => {
    const { ask } = shop();
    await ask("PUT /schedules/greeting", minutely);

    expect(await ask(`GET /schedules/greeting/next?count=${count}`)).toMatchObject({
      status: 400,
      body: { detail: expect.stringContaining("give a whole number from 1 to 1000") },
    });
  });

  it("is told of a query that asks for nothing, with the nearest that there is", async () => {
    const { ask } = shop();
    await ask("PUT /schedules/greeting", minutely);

    expect(await ask("GET /schedules/greeting/next?cont=3")).toMatchObject({
      status: 400,
      body: { detail: expect.stringContaining('There is no query "cont" of next; the nearest name is "count"') },
    });
  });

  it("is told of in one line where it is not there, whatever its name has in it", async () => {
    const { ask } = shop();

    expect(await ask("GET /schedules/no%0Ane")).toMatchObject({
      status: 404,
      body: { detail: String.raw`There is no entry "no\u000ane"` },
    });
  });

  it.each(["POST /schedules", "GET /schedules/fixed/nxt", "PATCH /schedules/fixed"])(
    "is told of where there is no such route: %s",
    async (what) => {
      const { ask } = shop();

      expect(await ask(what)).toMatchObject({
        status: 404,
        body: { code: "NOT_FOUND", detail: expect.stringContaining(`There is no ${what}`) },
      });
      expect(await ask(what, undefined, "")).toMatchObject({ status: 401 });
    },
  );

  it.each(["pause", "resume", "trigger"])("is told of where there is nothing to %s", async (what) => {
    const { ask } = shop();

    expect(await ask(`POST /schedules/none/${what}`)).toMatchObject({
      status: 404,
      body: { code: "ENTRY_NOT_FOUND", detail: expect.stringContaining('no entry "none"') },
    });
  });
});
