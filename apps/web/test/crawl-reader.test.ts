import type { ResultMeta, ResultTuple } from "umbel";
import { describe, expect, it } from "vitest";
import { crawlReader } from "../src/crawl-reader.ts";

/** A backend that holds what a test puts there, and counts what is asked of it. */
function store(metas: readonly ResultMeta[] = []) {
  const stored = new Map(metas.map((each) => [each.task_id, each]));
  const reads: string[][] = [];
  return {
    reads,
    put: (each: ResultMeta) => void stored.set(each.task_id, each),
    read: async (ids: readonly string[]) => {
      reads.push([...ids]);
      return await Promise.resolve(ids.map((id) => stored.get(id)));
    },
  };
}

function meta(id: string, status: string, result: unknown = null): ResultMeta {
  return { task_id: id, status, result, children: [], traceback: null, date_done: null };
}

/** What a task that sent a level says of it: the level's end, and before it the chains of its pages. */
function levelOf(end: string, ...names: readonly string[]): ResultTuple {
  const members = names.map((name): ResultTuple => [
    [`store-${name}`, [[`extract-${name}`, [[`visit-${name}`, null], null]], null]],
    null,
  ]);
  return [[end, [[`header-${end}`, null], members]], null];
}

const home = "http://site.test/";
const page = (url: string) => ({ url, links: [], images: [], retries: 0 });
const nothing = { levels: 1, links: 0, images: 0, retries: 0, failures: [], rejected: [], skipped: 0 };
const started = { ...meta("crawl", "SUCCESS", { frontier: [home] }), children: [levelOf("level-1", "home")] };
const ended = meta("level-1", "SUCCESS", { frontier: [], summary: { url: home, pages: 1, ...nothing } });

describe("a crawl's progress", () => {
  it("is running, with one call, before anything is known of it", async () => {
    const { state, tasks } = await crawlReader(store(), "crawl").progress();

    expect(state).toBe("RUNNING");
    expect(tasks["demo.crawl"]).toEqual({ PENDING: 1 });
  });

  it("counts the calls of a level by task and state", async () => {
    const backend = store([started, meta("visit-home", "SUCCESS"), meta("extract-home", "STARTED")]);

    const { tasks } = await crawlReader(backend, "crawl").progress();

    expect(tasks).toEqual({
      "demo.crawl": { SUCCESS: 1 },
      "demo.visit": { SUCCESS: 1 },
      "demo.extract": { STARTED: 1 },
      "demo.store": { PENDING: 1 },
      "demo.level": { PENDING: 1 },
    });
  });

  it("names a page that is tried again, by its address", async () => {
    const failure = { exc_type: "TemporaryPageError", exc_message: ["busy"], exc_module: null };
    const backend = store([started, meta("visit-home", "RETRY", failure)]);

    const { troubles } = await crawlReader(backend, "crawl").progress();

    expect(troubles).toEqual([{ url: home, state: "RETRY", error: "TemporaryPageError: busy" }]);
  });

  it("names a page that failed once, though its later steps failed with it", async () => {
    const failure = { exc_type: "PageError", exc_message: ["gone"], exc_module: null };
    const steps = ["visit", "extract", "store"].map((step) => meta(`${step}-home`, "FAILURE", failure));

    const { troubles } = await crawlReader(store([started, ...steps]), "crawl").progress();

    expect(troubles).toEqual([{ url: home, state: "FAILURE", error: "PageError: gone" }]);
  });

  it("follows from level to level, and ends with the summary of the last", async () => {
    const end = meta("level-1", "SUCCESS", { frontier: [`${home}a`, `${home}b`] });
    const second = { ...end, children: [levelOf("level-2", "a", "b")] };
    const last = { ...ended, task_id: "level-2" };

    const progress = await crawlReader(store([started, second, last]), "crawl").progress();

    expect(progress.state).toBe("SUCCESS");
    expect(progress.summary?.pages).toBe(1);
    expect(progress.tasks["demo.visit"]).toEqual({ PENDING: 3 });
  });

  it("fails, with the reason, when a level's end does", async () => {
    const failure = { exc_type: "EncodeError", exc_message: ["too deep"], exc_module: null };

    const progress = await crawlReader(store([started, meta("level-1", "FAILURE", failure)]), "crawl").progress();

    expect(progress).toMatchObject({ state: "FAILURE", error: "EncodeError: too deep" });
  });

  it("does not ask again for what has ended", async () => {
    const backend = store([started, meta("visit-home", "SUCCESS"), meta("extract-home", "STARTED")]);
    const reader = crawlReader(backend, "crawl");
    await reader.progress();
    backend.put(ended);
    backend.reads.length = 0;

    await reader.progress();

    expect(backend.reads).toEqual([["store-home", "extract-home", "level-1"]]);
  });
});

describe("a crawl's pages", () => {
  it("are what store has kept, and nothing that is no page", async () => {
    const backend = store([
      started,
      meta("store-home", "SUCCESS", page(home)),
      meta("visit-home", "SUCCESS", page(home)),
    ]);

    expect(await crawlReader(backend, "crawl").pages()).toEqual([page(home)]);
    backend.put(meta("store-home", "SUCCESS", "something else"));
    expect(await crawlReader(backend, "crawl").pages()).toEqual([]);
  });
});
