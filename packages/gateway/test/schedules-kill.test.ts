/** Schedules of a gateway that is killed with kill -9 while it sends, again and again. */

import { once } from "node:events";
import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { describe, expect, it, onTestFinished } from "vitest";

import { type GatewayProcess, kill, runtimes, startProcess } from "./gateway-process.ts";
import { startDestination, until } from "./push-harness.ts";

const isFull = process.env["UMBEL_TEST_LEVEL"] === "full";
const rounds = isFull ? 12 : 5;
const start = 1_800_000_000_000;
const program = new URL("schedule-child.ts", import.meta.url);

/** A gateway whose clock stands still until it is set. */
function startHome() {
  const folder = mkdtempSync(join(tmpdir(), "umbel-gateway-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const clock = join(folder, "clock");
  const setClock = (minute: number): void => {
    // In one step: it is read all the time.
    writeFileSync(`${clock}.new`, String(start + minute * 60_000));
    renameSync(`${clock}.new`, clock);
  };
  setClock(0);
  return { data: join(folder, "gateway.db"), clock, setClock };
}

describe.each(isFull ? runtimes : (["node"] as const))("a gateway on %s that is killed with kill -9", (runtime) => {
  it("sends each time of its schedules once, whenever it dies, and has them as they were", async () => {
    const { data, clock, setClock } = startHome();
    let onArrival: (() => void) | undefined;
    const destination = await startDestination((_arrival, response) => {
      onArrival?.();
      response.end();
    });
    const open = (): Promise<GatewayProcess> => startProcess(runtime, data, { program, more: [clock] });
    let gateway = await open();
    for (const [scheduleId, cron] of [
      ["each", "* * * * *"],
      ["paused", "* * * * *"],
      ["never", "0 0 1 1 *"],
    ] as const)
      await gateway.client.schedules.create({ scheduleId, cron, destination: destination.url, label: scheduleId });
    await gateway.client.schedules.pause({ schedule: "paused" });
    const ids = (): ReadonlySet<unknown> =>
      new Set(destination.arrivals.map(({ headers }) => headers["upstash-message-id"]));

    for (let minute = 1; minute <= rounds; minute += 1) {
      setClock(minute);
      const dying = gateway;
      // While it delivers; or some time before.
      if (minute % 2 === 0) onArrival = () => void dying.process.kill("SIGKILL");
      else for (let turn = 0; turn < minute * 2; turn += 1) await nextTurn();
      await (minute % 2 === 0 ? once(dying.process, "exit") : kill(dying));
      onArrival = undefined;
      gateway = await open();
      await until(() => ids().size >= minute, `the message of minute ${minute} has arrived`);
    }

    expect(ids().size).toBe(rounds);
    expect(new Set(destination.arrivals.map(({ headers }) => headers["upstash-schedule-id"]))).toEqual(
      new Set(["each"]),
    );
    const next = start + (rounds + 1) * 60_000;
    expect(await gateway.client.schedules.list()).toMatchObject([
      { scheduleId: "each", isPaused: false, nextScheduleTime: next, labels: ["each"] },
      { scheduleId: "paused", isPaused: true },
      { scheduleId: "never", isPaused: false, createdAt: start },
    ]);
  });
});

/** A moment: some hundred microseconds. */
async function nextTurn(): Promise<void> {
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
}
