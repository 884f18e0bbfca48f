/** The events of a crawler, as a monitor folds them: the five scenarios of the acceptance fixtures, section 7. */

import { State } from "umbel/events";
import { type BoundTask, chain, Reject } from "umbel";
import { describe, expect, it } from "vitest";
import { eventsIn } from "./watched.ts";
import { type World, world } from "./world.ts";

class HTTPError extends Error {
  override readonly name = "HTTPError";
}

interface Page {
  readonly url: string;
  readonly links: readonly string[];
  readonly images: readonly string[];
}

/** A crawler; `fetched` says what a page answers. */
function crawler(fetched: (url: string) => string, options: object = {}) {
  const home = world({ workerSendTaskEvents: true, taskSendSentEvent: true });
  const { app } = home;
  const store = app.task("crawler.store", (page: Page): null => (page.url === "" ? null : null));
  const extract = app.task("crawler.extract", (html: string, { url }: { url: string }): Page => {
    return { url, links: [html], images: [] };
  });
  const retry = { autoretryFor: [HTTPError], maxRetries: 3, defaultRetryDelay: 1, retryJitter: false, ...options };
  const visit = app.task(
    { name: "crawler.visit", bind: true, params: ["url", "urlParams?"], ...retry },
    async (task: BoundTask, url: string, urlParams: readonly (readonly string[])[] = []): Promise<null> => {
      const html = fetched(`${url}?${urlParams.map((pair) => pair.join("=")).join("&")}`);
      await task.delay(chain(extract.s(html, { url }), store.s()));
      return null;
    },
  );
  return { ...home, visit };
}

/** A line for each event of a task: its type, the task, the model's state after it. */
async function linesOf(home: Pick<World, "backend">) {
  const state = new State();
  const lines: string[] = [];
  for (const event of await eventsIn(home)) {
    state.event(event, event.timestamp * 1000);
    if (typeof event["uuid"] !== "string") continue;
    const task = state.tasks.get(event["uuid"]);
    const name = task?.name?.replace("crawler.", "") ?? "?";
    lines.push(`${name} ${event.type.slice(5).toUpperCase()} ${task?.state}`);
  }
  return { state, lines };
}

const linesOfTask = (lines: readonly string[], name: string) =>
  lines.filter((line) => line.startsWith(`${name} `)).map((line) => line.slice(name.length + 1));

describe("a monitor of a crawler sees", () => {
  it("a page that is visited, and what it becomes", async () => {
    const home = crawler(() => "<html>");

    await home.visit.applyAsync(["https://example.com"], { kwargs: { urlParams: [["search", "celery"]] } });
    await home.finish();

    const { state, lines } = await linesOf(home);
    const life = ["SENT PENDING", "RECEIVED RECEIVED", "STARTED STARTED", "SUCCEEDED SUCCESS"];
    for (const name of ["visit", "extract", "store"]) expect(linesOfTask(lines, name)).toEqual(life);
    const [visit, extract, store] = ["visit", "extract", "store"].map((name) =>
      [...state.tasks.values()].find((each) => each.name === `crawler.${name}`),
    );
    expect([visit, extract, store].map((each) => each?.result)).toEqual([
      "None",
      "{'url': 'https://example.com', 'links': ['<html>'], 'images': []}",
      "None",
    ]);
    expect([visit, extract, store].map((each) => each?.root)).toEqual([visit, visit, visit]);
    expect([visit, extract, store].map((each) => each?.parent)).toEqual([null, visit, extract]);
    expect([visit, extract, store].map((each) => each?.children)).toEqual([[extract], [store], []]);
  });

  it("all that there is to know of one task", async () => {
    const home = crawler(() => "<html>");

    await home.visit.delay("https://example.com");
    await home.finish();

    const { state } = await linesOf(home);
    const extract = [...state.tasks.values()].find((each) => each.name === "crawler.extract");
    const time = expect.any(Number);
    expect(extract).toMatchObject({ sent: time, received: time, started: time, succeeded: time, retries: 0 });
    expect(extract).toMatchObject({ args: "('<html>', {'url': 'https://example.com'})", kwargs: "{}" });
    expect(extract).toMatchObject({ exchange: "", routingKey: "default", client: "tasks@js", runtime: time });
    expect(extract?.worker?.hostname).toBe("worker@tasks");
    expect(extract?.clock).toBeGreaterThan(0);
    expect(extract?.timestamp).toBe(extract?.succeeded);
    for (const name of ["failed", "rejected", "retried", "revoked", "eta", "expires", "exception", "traceback"]) {
      expect([name, Reflect.get(extract ?? {}, name) ?? null]).toEqual([name, null]);
    }
  });

  it("a page that is missing, tried three times more", async () => {
    const home = crawler(() => {
      throw new HTTPError("404");
    });

    await home.visit.delay("https://example.com/none");
    await home.finish();

    const { state, lines } = await linesOf(home);
    const again = ["RETRIED RETRY", "RECEIVED RECEIVED", "STARTED STARTED"];
    const told = linesOfTask(lines, "visit").filter((line) => !line.startsWith("SENT"));
    expect(told).toEqual(["RECEIVED RECEIVED", "STARTED STARTED", ...again, ...again, ...again, "FAILED FAILURE"]);
    expect(lines.filter((line) => line.startsWith("visit SENT"))).toHaveLength(4);
    const [visit] = state.tasks.values();
    expect(visit).toMatchObject({ exception: "HTTPError('404')", retries: 3 });
    expect(visit?.traceback).toContain("HTTPError: 404");
  });

  it("a host that is not there: rejected, and not run again", async () => {
    const home = crawler(() => {
      throw new Reject("no such host");
    });

    const { id } = await home.visit.delay("https://not-existing");
    await home.finish();

    const { lines } = await linesOf(home);
    expect(lines).toEqual([
      "visit SENT PENDING",
      "visit RECEIVED RECEIVED",
      "visit STARTED STARTED",
      "visit REJECTED STARTED",
    ]);
    expect((await eventsIn(home)).at(-1)).toMatchObject({ type: "task-rejected", requeue: false });
    expect(await home.app.result(id).state()).toBe("FAILURE");
  });

  it("a page that is missing until nobody wants it any more", async () => {
    const home = crawler(
      () => {
        throw new HTTPError("404");
      },
      { retryBackoff: 2 },
    );

    await home.visit.applyAsync(["https://example.com/none"], { expires: 1 });
    await home.finish();

    const { lines } = await linesOf(home);
    expect(lines.slice(0, 3)).toEqual(["visit SENT PENDING", "visit RECEIVED RECEIVED", "visit STARTED STARTED"]);
    expect(lines.slice(3, 5).toSorted()).toEqual([
      expect.stringMatching(/RETRIED RETRY/),
      expect.stringMatching(/SENT/),
    ]);
    expect(lines.slice(5)).toEqual(["visit REVOKED REVOKED"]);
    expect((await eventsIn(home)).at(-1)).toMatchObject({ type: "task-revoked", expired: true });
  });

  it("what a program tells itself", async () => {
    const home = crawler(() => "<html>");

    await home.app.sendEvent("task-updated", { uuid: "unknown", status: "halfway" });

    const { state, lines } = await linesOf(home);
    expect(lines).toEqual(["? UPDATED UPDATED"]);
    expect(state.tasks.get("unknown")?.name ?? null).toBeNull();
  });
});
