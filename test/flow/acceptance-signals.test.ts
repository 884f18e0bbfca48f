/** Acceptance examples, section 6: signals, and the log among them, in order; hooks. */

import { Signal } from "umbel";
import { describe, expect, it } from "vitest";
import { acceptanceOn, places } from "./acceptance-stores.ts";

describe.each(places)("signals, in order, on %s", (place) => {
  const acceptance = acceptanceOn(place);
  /** The examples' world, and a list of what is heard and logged. */
  const listening = () => {
    const heard: string[] = [];
    return { ...acceptance({ log: ({ message }) => void heard.push(`log ${firstWords(message)}`) }), heard };
  };

  it("success: prerun, success, the log line, postrun; for this task only", async () => {
    const { app, add, sub, heard, drain } = listening();
    const { taskPrerun, taskSuccess, taskPostrun } = app.signals;
    taskPrerun.connect(({ task, args }) => heard.push(`prerun ${task.name} ${JSON.stringify(args)}`), { sender: add });
    taskSuccess.connect(({ result }) => heard.push(`success ${String(result)}`), { sender: add });
    taskPostrun.connect(({ state, retval }) => heard.push(`postrun ${state} ${String(retval)}`), { sender: add });

    await add.delay(4, 4);
    await drain();
    expect(heard).toEqual([
      "log received",
      "prerun tasks.add [4,4]",
      "success 8",
      "log succeeded",
      "postrun SUCCESS 8",
    ]);

    heard.length = 0;
    await sub.delay(4, 4);
    await drain();
    expect(heard).toEqual(["log received", "log succeeded"]);
  });

  it("failure: prerun, failure, the log line with a traceback, postrun", async () => {
    const { app, boom, heard, drain } = listening();
    const { taskPrerun, taskFailure, taskPostrun } = app.signals;
    taskPrerun.connect(() => heard.push("prerun"), { sender: "tasks.boom" });
    taskFailure.connect(({ exception, traceback }) =>
      heard.push(`failure ${String(exception)}, ${traceback?.split("\n").at(-1)}`),
    );
    taskPostrun.connect(({ state, retval }) => heard.push(`postrun ${state} ${String(retval)}`));

    await boom.delay();
    await drain();

    expect(heard).toEqual([
      "log received",
      "prerun",
      "failure Error: Exception Error, Error: Exception Error",
      "log raised unexpected",
      "postrun FAILURE Error: Exception Error",
    ]);
  });

  it("publish: before and after, in the sender's process, by the task's name", async () => {
    const { stranger, heard, drain } = listening();
    const { beforeTaskPublish, afterTaskPublish } = stranger.signals;
    beforeTaskPublish.connect(({ routingKey }) => heard.push(`before ${routingKey}`), { sender: "tasks.foo" });
    afterTaskPublish.connect(({ headers }) => heard.push(`after ${headers.task}`), { sender: "tasks.foo" });

    await stranger.sendTask("tasks.foo");
    await stranger.sendTask("tasks.counter");
    await drain();

    expect(heard.slice(0, 3)).toEqual(["before default", "after tasks.foo", "log received"]);
    expect(heard.filter((each) => each.startsWith("before"))).toHaveLength(1);
  });

  it("publish: a receiver may change headers and properties of this message only", async () => {
    const { app, drain } = listening();
    const seen: unknown[] = [];
    const curious = app.task({ name: "tasks.curious", bind: true }, (task) => {
      seen.push([task.request.headers, task.request.shadow]);
    });
    app.signals.beforeTaskPublish.connect(({ headers }) => {
      headers["tenant"] = "acme";
      headers.shadow = "shadowed";
    });

    await curious.applyAsync([], { headers: { trace: 1 } });
    await drain();

    expect(seen).toEqual([[{ trace: 1, tenant: "acme" }, "shadowed"]]);
  });

  it("retry: once, then failure", async () => {
    const { app, div, heard, finish } = listening();
    const { taskRetry, taskFailure } = app.signals;
    taskRetry.connect(({ request, reason }) => heard.push(`retry ${request.retries} ${String(reason)}`), {
      sender: div,
    });
    taskFailure.connect(({ exception }) => heard.push(`failure ${exception instanceof Error && exception.name}`));

    await div.delay(4, 0);
    await finish();

    expect(heard).toEqual([
      "log received",
      "retry 0 RangeError: division by zero",
      "log retry",
      "log received",
      "failure MaxRetriesExceededError",
      "log raised unexpected",
    ]);
  });

  it("custom: a receiver is called until it is disconnected, with sender and payload", async () => {
    const custom = new Signal<{ readonly value: number }>("custom_signal");
    const heard: unknown[] = [];
    const receiver = custom.connect(({ sender, value }) => heard.push([sender, value]));

    await custom.send("somebody", { value: 1 });
    custom.disconnect(receiver);
    await custom.send("somebody", { value: 2 });

    expect(heard).toEqual([["somebody", 1]]);
  });

  it("throwing receiver: it is logged, the next one is called, the result is what it was", async () => {
    const { app, add, drain, lines } = acceptance();
    const heard: string[] = [];
    app.signals.taskSuccess.connect(() => {
      throw new Error("receiver");
    });
    app.signals.taskSuccess.connect(() => heard.push("second"));

    const result = await add.delay(4, 4);
    await drain();

    expect(await result.get()).toBe(8);
    expect(heard).toEqual(["second"]);
    expect(lines).toContainEqual(
      expect.objectContaining({ level: "ERROR", message: "A receiver of task_success threw: Error: receiver" }),
    );
  });

  it("hooks: each of a task that returns, of one that throws, of one that retries and then fails", async () => {
    const { app, finish } = acceptance();
    const heard: string[] = [];
    const hooks = {
      onSuccess: (value: unknown) => heard.push(`onSuccess(${String(value)})`),
      onFailure: (error: unknown) => heard.push(`onFailure(${String(error)})`),
      onRetry: (error: unknown) => heard.push(`onRetry(${String(error)})`),
    };
    const told = async (send: () => Promise<unknown>) => {
      await send();
      await finish();
      return heard.splice(0);
    };
    const one = app.task({ name: "tasks.one", ...hooks }, () => 1);
    const fails = app.task({ name: "tasks.fails", ...hooks }, () => {
      throw new Error("no");
    });
    const again = app.task({ name: "tasks.again", bind: true, maxRetries: 1, ...hooks }, (task) =>
      task.retry({ exc: new Error("again") }),
    );

    expect(await told(async () => await one.delay())).toEqual(["onSuccess(1)"]);
    expect(await told(async () => await fails.delay())).toEqual(["onFailure(Error: no)"]);
    expect(await told(async () => await again.delay())).toEqual(["onRetry(Error: again)", "onFailure(Error: again)"]);
  });
});

/** `succeeded`, `raised unexpected`: what a line says, without its values. */
function firstWords(message: string): string {
  return /^(?:raised )?\w+/.exec(message)?.[0] ?? "";
}
