/** Tasks of ours, of which an application knows nothing: what it says of its own tasks is not said of these. */

import { chord, type UmbelOptions } from "umbel";
import { describe, expect, it } from "vitest";
import { until } from "../until.ts";
import { world } from "./world.ts";

/** A chord that is too large for one publish call: `umbel.start` sends it. */
async function large(options: Partial<UmbelOptions>) {
  const home = world({ workerLease: 10, ...options });
  const one = home.app.task({ name: "tasks.one", acksLate: true, rejectOnWorkerLost: true }, () => 1);
  const count = home.app.task("tasks.count", (values: readonly number[]) => values.length);
  const result = await chord(
    Array.from({ length: 150 }, () => one.si()),
    count.s(),
  ).delay();
  return { ...home, result };
}

describe("what starts a large canvas", () => {
  it.each([
    { what: "are acknowledged early", options: { taskAcksLate: false } },
    { what: "do not run again when their worker dies", options: { taskRejectOnWorkerLost: false } },
  ])("is begun again when its worker dies, also where an application's tasks $what", async ({ options }) => {
    const { ports, kill, finish, result } = await large(options);
    ports.before("publish", kill);

    await finish();

    expect(await result.get()).toBe(150);
  });

  it("takes the time that it takes, whatever an application's tasks may", async () => {
    const { ports, clock, finish, result } = await large({ taskTimeLimit: 5, taskSoftTimeLimit: 1 });
    ports.before("publish", async () => await clock.sleep(9));

    await finish();

    expect(await result.get()).toBe(150);
  });
});

describe("what tells those that wait for a revoked call", () => {
  it("is begun again when its worker dies, also where an application's tasks are acknowledged early", async () => {
    const { app, ports, kill, broker, answers, clock } = world({ taskAcksLate: false });
    const one = app.task("tasks.one", () => 1);
    const result = await one.applyAsync([], { countdown: 86_400 });
    await result.revoke();
    ports.before("held", kill);
    await broker.deliverNext();
    await until(() => answers.length === 1);

    await clock.advance(600);
    await broker.drain();

    expect(await result.state()).toBe("REVOKED");
  });
});
