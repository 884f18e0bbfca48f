/** Delivery, points 6 and 16 as far as marks go: calls that are revoked, and what a running one hears of it. */

import { chain, TaskRevokedError } from "umbel";
import { describe, expect, it } from "vitest";
import { until } from "../until.ts";
import { world } from "./world.ts";

/** A world with a task that waits for its signal, or until it is told what to return. */
function interruptible() {
  const home = world();
  const gates: ((value: string) => void)[] = [];
  const heard: unknown[] = [];
  const revoked: unknown[] = [];
  home.app.signals.taskRevoked.connect(({ terminated, expired }) => revoked.push({ terminated, expired }));
  const wait = home.app.task({ name: "tasks.wait", bind: true }, async (task) => {
    const { signal } = task;
    return await new Promise<string>((resolve, reject) => {
      gates.push(resolve);
      signal.addEventListener("abort", () => {
        heard.push(signal.reason);
        reject(signal.reason);
      });
    });
  });
  return { ...home, gates, heard, revoked, wait };
}

describe("a call that is revoked before it runs", () => {
  it("never runs, and says why", async () => {
    const { wait, drain, gates, revoked, lines } = interruptible();
    const result = await wait.delay();

    await result.revoke();
    await drain();

    expect(gates).toEqual([]);
    await expect(result.get()).rejects.toThrow(new TaskRevokedError("revoked"));
    expect(revoked).toEqual([{ terminated: false, expired: false }]);
    const discarded = { level: "INFO", message: `Discarding revoked task: tasks.wait[${result.id}]` };
    expect(lines).toContainEqual(expect.objectContaining(discarded));
  });

  it("is found revoked however late it comes", async () => {
    const { wait, finish, gates } = interruptible();
    const result = await wait.applyAsync([], { countdown: "30d" });

    await result.revoke();
    await finish();

    expect(gates).toEqual([]);
    expect(await result.state()).toBe("REVOKED");
  });

  it("may be one that was not even sent", async () => {
    const { app, wait, drain, gates } = interruptible();

    await app.revoke(["planned"], false);
    const result = await wait.applyAsync([], { taskId: "planned" });
    await drain();

    expect(gates).toEqual([]);
    expect(await result.state()).toBe("REVOKED");
  });
});

describe("a call that is revoked while it runs", () => {
  it("runs on when nobody says that it is to be terminated", async () => {
    const { wait, drain, gates, heard, clock } = interruptible();
    const result = await wait.delay();
    const drained = drain();
    await until(() => gates.length === 1);

    await result.revoke();
    await clock.advance(120);
    gates[0]?.("done");
    await drained;

    expect(heard).toEqual([]);
    expect(await result.get()).toBe("done");
  });

  it("hears of its termination within a renewal, and ends as terminated", async () => {
    const { wait, drain, gates, heard, revoked, clock } = interruptible();
    const result = await wait.delay();
    const drained = drain();
    await until(() => gates.length === 1);

    await result.revoke({ terminate: true });
    await clock.advance(29);
    expect(heard).toEqual([]);
    await clock.advance(1);
    await drained;

    expect(heard).toEqual([new TaskRevokedError("terminated")]);
    await expect(result.get()).rejects.toThrow(new TaskRevokedError("terminated"));
    expect(revoked).toEqual([{ terminated: true, expired: false }]);
  });

  it("is not retried any more", async () => {
    const { app, finish } = interruptible();
    let runs = 0;
    const again = app.task({ name: "tasks.again", bind: true }, async (task) => {
      runs += 1;
      await app.result(task.request.id).revoke();
      task.retry({ countdown: 1 });
    });

    const result = await again.delay();
    await finish();

    expect(runs).toBe(1);
    await expect(result.get()).rejects.toThrow(new TaskRevokedError("revoked"));
  });

  it("ends the rest of its chain for the same reason", async () => {
    const { app, wait, drain, gates, clock } = interruptible();
    const result = await chain(wait.si(), wait.si()).delay();
    const drained = drain();
    await until(() => gates.length === 1);

    await app.result(result.parent?.id ?? "").revoke({ terminate: true });
    await clock.advance(30);
    await drained;

    await expect(result.get()).rejects.toThrow(new TaskRevokedError("terminated"));
    expect(gates).toHaveLength(1);
  });
});
