/** What a worker writes: Celery's lines, and those of the tasks themselves. */

import { chain, formatRecord, Ignore, type LogRecord, Reject, Umbel } from "umbel";
import { describe, expect, it } from "vitest";
import { world, type WorldOptions } from "./world.ts";

/** A world whose lines are written as a console shows them. */
function written(options: WorldOptions = {}) {
  const text: string[] = [];
  const home = world({ log: (record: LogRecord) => text.push(formatRecord(record)), ...options });
  return { ...home, text };
}

const at = "[2026-01-01 00:00:00,000Z: ";

describe("a worker's lines", () => {
  it("say that a task was received and has succeeded, in how long, with what", async () => {
    const { app, clock, finish, text } = written();
    const slow = app.task("tasks.slow", async (seconds: number) => {
      await clock.sleep(seconds);
      return { took: seconds };
    });

    const { id } = await slow.delay(1.5);
    await finish();

    expect(text).toEqual([
      `${at}INFO] Task tasks.slow[${id}] received`,
      `[2026-01-01 00:00:01,500Z: INFO] Task tasks.slow[${id}] succeeded in 1.5s: {'took': 1.5}`,
    ]);
  });

  it("say that it raised an error, with the traceback", async () => {
    const { app, drain, text } = written();
    const boom = app.task("tasks.boom", () => {
      throw new RangeError("too far");
    });

    const { id } = await boom.delay();
    await drain();

    const [headline, first, ...rest] = text[1]?.split("\n") ?? [];
    expect(headline).toBe(`${at}ERROR] Task tasks.boom[${id}] raised unexpected: RangeError('too far')`);
    expect(first).toBe("Traceback (most recent call last):");
    expect(rest.at(-1)).toBe("RangeError: too far");
  });

  it("say in one frame what was found wrong without a task's code: none of it is the reader's", async () => {
    const { app, broker, backend, finish, text } = written();
    const unwritten = app.task({ name: "tasks.unwritten" }, (): number => Object(new Map()));
    const slow = app.task({ name: "tasks.slow", bind: true, softTimeLimit: 5 }, async ({ signal }) => {
      await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    });
    const unknown = new Umbel("stranger", { broker, backend }).task("tasks.unknown", () => 1);

    for (const each of [unwritten, slow, unknown]) await each.delay();
    await finish();

    const tracebacks = text.filter((each) => each.includes("\nTraceback")).map((each) => each.split("\n").slice(1));
    expect(tracebacks).toHaveLength(3);
    for (const lines of tracebacks) {
      expect(lines).toEqual([
        "Traceback (most recent call last):",
        expect.stringMatching(/^ {2}File ".+", line \d+, in /),
        expect.stringMatching(/^(?:EncodeError|SoftTimeLimitExceeded|NotRegistered): /),
      ]);
    }
  });

  it("warn when the soft limit has passed, though the body does not hear of it, and not when it ends in time", async () => {
    const { app, clock, finish, text } = written();
    const deaf = app.task({ name: "tasks.deaf", softTimeLimit: 3, timeLimit: 5 }, async (seconds: number) => {
      await clock.sleep(seconds);
    });

    const { id } = await deaf.delay(4);
    await finish();
    await deaf.delay(2);
    await finish();

    const passed = `[2026-01-01 00:00:03,000Z: WARNING] Soft time limit (3s) exceeded for tasks.deaf[${id}]`;
    expect(text.filter((line) => line.includes("limit"))).toEqual([passed]);
  });

  it("say so calmly, in one line, when the error is one that the task expects", async () => {
    const { app, drain, text } = written();
    const boom = app.task({ name: "tasks.boom", throws: [RangeError] }, () => {
      throw new RangeError("too far");
    });

    const { id } = await boom.delay();
    await drain();

    expect(text[1]).toBe(`${at}INFO] Task tasks.boom[${id}] raised expected: RangeError('too far')`);
  });

  it("say when it will be tried again, and why", async () => {
    const { app, broker, text } = written();
    const again = app.task({ name: "tasks.again", bind: true }, (task) =>
      task.retry({ countdown: 5, cause: task.request.retries === 0 ? new TypeError("busy") : undefined }),
    );

    const { id } = await again.delay();
    await broker.deliverNext();

    expect(text[1]).toBe(`${at}INFO] Task tasks.again[${id}] retry: Retry in 5s: TypeError('busy')`);
  });

  it("say that it was ignored, or rejected", async () => {
    const { app, drain, text } = written();
    const shy = app.task("tasks.shy", () => {
      throw new Ignore();
    });
    const picky = app.task("tasks.picky", () => {
      throw new Reject("not now", { requeue: true });
    });

    const ignored = await shy.delay();
    const rejected = await picky.delay();
    await drain();

    expect(text).toContain(`${at}INFO] Task tasks.shy[${ignored.id}] ignored`);
    expect(text).toContain(`${at}WARNING] Task tasks.picky[${rejected.id}] rejected: not now`);
  });

  it("call a task by its shadow", async () => {
    const { app, drain, text } = written();
    const add = app.task("tasks.add", (x: number, y: number) => x + y);

    const { id } = await add.applyAsync([1, 2], { shadow: "sum of two" });
    await drain();

    expect(text[0]).toBe(`${at}INFO] Task sum of two[${id}] received`);
  });

  it("are as many as the level lets through", async () => {
    const { app, drain, text } = written({ workerLogLevel: "ERROR" });
    const add = app.task("tasks.add", (x: number, y: number) => x + y);

    await add.delay(1, 2);
    await drain();

    expect(text).toEqual([]);
  });
});

describe("a log that cannot be written", () => {
  it("ends no task, and keeps none from running", async () => {
    const { app, drain, answers } = world({
      log: () => {
        throw new Error("the disk is full");
      },
    });
    const chatty = app.task({ name: "tasks.chatty", bind: true }, (task) => {
      task.log.error("hello");
      return "done";
    });

    const result = await chatty.delay();
    await drain();

    expect(answers).toEqual(["200"]);
    expect(await result.get()).toBe("done");
  });
});

describe("a task's own lines", () => {
  it("carry its name and id: those of task.log, and those of a module's logger while it runs", async () => {
    const { app, finish, text } = written({ workerLogLevel: "WARNING" });
    const logger = app.getTaskLogger("shop.pricing");
    const price = async (what: string) => {
      await Promise.resolve();
      logger.warning(`pricing ${what}`);
    };
    const chatty = app.task({ name: "tasks.chatty", bind: true }, async (task, what: string) => {
      task.log.warning(`about ${what}`);
      task.log.info("not shown");
      await price(what);
      return what;
    });

    const { id, parent } = await chain(chatty.s("pears"), chatty.si("plums")).delay();
    logger.error("outside");
    await finish();

    expect(text).toEqual([
      `${at}ERROR] outside`,
      `${at}WARNING] tasks.chatty[${parent?.id}]: about pears`,
      `${at}WARNING] tasks.chatty[${parent?.id}]: pricing pears`,
      `${at}WARNING] tasks.chatty[${id}]: about plums`,
      `${at}WARNING] tasks.chatty[${id}]: pricing plums`,
    ]);
  });
});
