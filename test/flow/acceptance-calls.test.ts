/** Acceptance examples, section 1: calls and results. */

import { chain, TaskFailure, TaskRevokedError, TimeoutError, Umbel } from "umbel";
import { describe, expect, it } from "vitest";
import { until } from "../until.ts";
import { acceptanceOn, places } from "./acceptance-stores.ts";

/** The broker in memory has no address to name. */
const hint = ": does a worker listen at its queue?";

/** Celery's sentence, and what it does not say. */
function overdueSays(more: string): string {
  return `The operation timed out. ${more}`;
}

describe.each(places)("calls and results, on %s", (place) => {
  const acceptance = acceptanceOn(place);

  it("delay: a call returns its value, and the log says received and succeeded, with name and id", async () => {
    const { add, drain, lines } = acceptance();

    const result = await add.delay(4, 4);
    await drain();

    expect(await result.get()).toBe(8);
    expect(lines.map(({ level, message, taskName, taskId }) => ({ level, message, taskName, taskId }))).toEqual([
      { level: "INFO", message: "received", taskName: "tasks.add", taskId: result.id },
      {
        level: "INFO",
        message: expect.stringMatching(/^succeeded in [\d.]+s: 8$/),
        taskName: "tasks.add",
        taskId: result.id,
      },
    ]);
  });

  it("handle, printed: a handle prints its id, a group's the ids of its members", async () => {
    const { app, add } = acceptance();

    const result = await add.delay(4, 4);

    expect(String(result)).toBe(`<AsyncResult: ${result.id}>`);
    expect(String(app.result("some-id"))).toBe("<AsyncResult: some-id>");
  });

  it("countdown: a call does not run before its time", async () => {
    const { add, broker, clock, drain } = acceptance();

    const result = await add.applyAsync([2, 2], { countdown: 3 });
    await clock.advance(2.999);
    await drain();
    expect(await result.ready()).toBe(false);
    expect(broker.waiting).toHaveLength(1);

    await clock.advance(0.001);
    await drain();
    expect(await result.get()).toBe(4);
  });

  it("expires, seconds or date: a call that begins in time runs", async () => {
    const { add, clock, drain } = acceptance();

    const seconds = await add.applyAsync([10, 10], { expires: 60 });
    const date = await add.applyAsync([10, 10], { expires: new Date(clock.now() + 86_400_000) });
    await drain();

    expect(await seconds.get()).toBe(20);
    expect(await date.get()).toBe(20);
  });

  it("expired: a call that begins too late is revoked and never runs", async () => {
    const { add, clock, drain, ran } = acceptance({ behind: 61 });

    const result = await add.applyAsync([10, 10], { expires: 60 });
    await clock.advance(61);
    await drain();

    expect(await result.state()).toBe("REVOKED");
    await expect(result.get()).rejects.toThrow(new TaskRevokedError("expired"));
    expect(ran.add).toBe(0);
  });

  it("by name: a service that lacks a task calls it by its name", async () => {
    const { stranger, drain } = acceptance();

    const result = await stranger.sendTask("tasks.foo");
    await drain();

    expect(stranger.tasks.has("tasks.foo")).toBe(false);
    expect(await result.get()).toBe("bar");
  });

  it("named arguments: arguments find their places by name", async () => {
    const { stranger, drain } = acceptance();

    const result = await stranger.sendTask("tasks.add", { kwargs: { x: 2, y: 3 } });
    await drain();

    expect(await result.get()).toBe(5);
  });

  it("ready, then get: a handle says whether the call has ended", async () => {
    const { add, drain } = acceptance();

    const result = await add.delay(4, 4);

    expect(await result.ready()).toBe(false);
    await drain();
    expect(await result.get({ timeout: 1 })).toBe(8);
    expect(await result.ready()).toBe(true);
  });

  it("time-out: waiting ends after its time, and the task runs on", async () => {
    const { slow, clock, drain, ran } = acceptance();

    const result = await slow.delay(10);
    const drained = drain();
    await until(() => ran.slow === 1);
    const waited = result.get({ timeout: 5 }).catch((error: unknown) => error);
    await clock.advance(5);
    expect(await waited).toEqual(
      new TimeoutError(overdueSays(`tasks.slow[${result.id}] is still PENDING after 5 s${hint}`)),
    );
    expect(await result.ready()).toBe(false);

    await clock.advance(5);
    await drained;
    expect(await result.get()).toBe(10);
  });

  it("time-out: the error names the call that has not ended, how it stands, and who should run it", async () => {
    const { app, add, slow, clock, drain, ran } = acceptance();
    app.conf.update({ taskTrackStarted: true });
    const overdue = async (result: { get(options: { timeout: number }): Promise<unknown> }) => {
      const waited = result.get({ timeout: 4 }).catch(String);
      await clock.advance(4);
      return await waited;
    };

    const sum = await chain(add.s(1, 1), add.s(2)).delay();
    const stranger = app.result("nobody-knows-it");
    expect(await overdue(sum)).toBe(
      `TimeoutError: ${overdueSays(`tasks.add[${sum.parent?.id}] is still PENDING after 4 s${hint}`)}`,
    );
    expect(await overdue(stranger)).toBe(
      `TimeoutError: ${overdueSays(`The call nobody-knows-it is still PENDING after 4 s${hint}`)}`,
    );

    const running = await slow.delay(100);
    const drained = drain();
    await until(() => ran.slow === 1);
    expect(await overdue(running)).toBe(
      `TimeoutError: ${overdueSays(`tasks.slow[${running.id}] is still STARTED after 4 s`)}`,
    );
    await clock.advance(100);
    await drained;
  });

  it("time-out: without a time of its own a call is waited for as long as the setting says", async () => {
    const { app, slow, clock } = acceptance();
    app.conf.update({ resultTimeout: "2s" });

    const result = await slow.delay(10);
    const waited = result.get().catch((error: unknown) => error);
    await clock.advance(2);

    expect(await waited).toBeInstanceOf(TimeoutError);
  });

  it("time-out: a signal of the caller's ends the wait with its reason", async () => {
    const { slow } = acceptance();
    const patience = new AbortController();

    const waited = (await slow.delay(10)).get({ signal: patience.signal }).catch((error: unknown) => error);
    patience.abort(new Error("changed my mind"));

    expect(await waited).toEqual(new Error("changed my mind"));
  });

  it.each(["text", 42, null, undefined, { code: 7 }])("throws: a body may throw anything, %j too", async (thrown) => {
    const { app, drain } = acceptance();
    const odd = app.task("tasks.odd", () => {
      throw thrown;
    });

    const result = await odd.delay();
    await drain();

    expect(await result.state()).toBe("FAILURE");
    await expect(result.get()).rejects.toThrow(TaskFailure);
  });

  it("throws: get throws the task's error with its message", async () => {
    const { boom, drain } = acceptance();

    const result = await boom.delay();
    await drain();

    await expect(result.get()).rejects.toThrow(TaskFailure);
    await expect(result.get()).rejects.toThrow(/^Exception Error$/);
  });

  it("not propagated: the error comes as a value, its traceback ends with the error", async () => {
    const { boom, drain } = acceptance();

    const result = await boom.delay();
    await drain();

    expect(await result.get({ propagate: false })).toMatchObject({ message: "Exception Error", excType: "Error" });
    expect(await result.failed()).toBe(true);
    expect(await result.state()).toBe("FAILURE");
    expect((await result.traceback())?.split("\n").at(-1)).toBe("Error: Exception Error");
  });

  it("status: a call that is done has a value and a state", async () => {
    const { add, drain } = acceptance();

    const result = await add.delay(9, 9);
    await drain();

    expect(await result.info()).toBe(18);
    expect(await result.state()).toBe("SUCCESS");
    expect(await result.failed()).toBe(false);
    expect(await result.successful()).toBe(true);
  });

  it("unknown id: nothing known is PENDING", async () => {
    const { app } = acceptance();

    expect(await app.result("never-sent").state()).toBe("PENDING");
  });

  it("forget: a result can be deleted", async () => {
    const { add, drain } = acceptance();
    const result = await add.delay(4, 4);
    await drain();

    expect(await result.forget()).toBeUndefined();

    expect(await result.state()).toBe("PENDING");
  });

  it("inline: a call on the spot publishes nothing and sends no signal", async () => {
    const { app, add, broker, ports } = acceptance();
    const heard: string[] = [];
    app.signals.taskPrerun.connect(() => void heard.push("prerun"));
    app.signals.beforeTaskPublish.connect(() => void heard.push("publish"));

    expect(await add(2, 2)).toBe(4);
    expect(await add.s(2, 2)()).toBe(4);

    expect(broker.waiting).toEqual([]);
    expect(ports.calls).toEqual([]);
    expect(heard).toEqual([]);
  });

  it("get inside a task: waiting for another task is refused with a way out", async () => {
    const { app, add, drain } = acceptance();
    const nosy = app.task("tasks.nosy", async (): Promise<number> => await (await add.delay(1, 1)).get());

    const result = await nosy.delay();
    await drain();

    await expect(result.get()).rejects.toThrow(/tasks\.nosy waits .* chain\(\) or link/);
  });

  it("get inside a task: allowed where the body says so", async () => {
    const { app, add, broker, drain } = acceptance();
    const bold = app.task("tasks.bold", async () => await (await add.delay(1, 1)).get({ allowJoin: true }));

    const result = await bold.delay();
    const outer = drain();
    await until(() => broker.waiting.some((each) => each.taskId !== result.id));
    await drain();
    await outer;

    expect(await result.get()).toBe(2);
  });

  it("no adapter: an application says which one it lacks", async () => {
    const add = new Umbel("bare").task("bare.add", (x: number, y: number) => x + y);

    await expect(add.delay(1, 2)).rejects.toThrow('The application "bare" has no broker');
  });
});
