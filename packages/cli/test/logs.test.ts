import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inOrder } from "../src/commands/in-order.ts";
import { refusalOf } from "./refusal.ts";
import { startTasksWorker, type TasksWorker, tasksModule } from "./tasks-worker.ts";
import { hasTerminal, openScreen } from "./terminal-screen.ts";
import { umbel } from "./umbel.ts";

let tasks: TasksWorker;
beforeAll(async () => {
  tasks = await startTasksWorker({ flags: ["-E"] });
  await Promise.all(["call tasks.add -a [2,2] --task-id one", "call tasks.boom --task-id two"].map(tasks.command));
  await tasks.worker.until(/add\[one\] succeeded/);
  await tasks.worker.until(/boom\[two\] raised/);
});
afterAll(async () => await tasks[Symbol.asyncDispose]());

/** Its lines, without their instants. */
async function logs(line = ""): Promise<readonly string[]> {
  const { stdout } = await tasks.command(`logs ${line}`.trim());
  return stdout
    .replaceAll(/^\[[\d :,-]+Z: /gm, "[")
    .trimEnd()
    .split("\n");
}

describe("umbel logs", () => {
  it("tells what became of tasks, as their workers' logs do", async () => {
    const lines = await logs("--id one");

    expect(lines.slice(0, 2)).toEqual(["[INFO] Task tasks.add[one] received", "[INFO] Task tasks.add[one] started"]);
    expect(lines[2]).toMatch(/^\[INFO\] Task tasks\.add\[one\] succeeded in \d\.\d{3}s: 4$/);
    expect(lines).toHaveLength(3);
  });

  it.each([
    ["--task tasks.b*", /^\[INFO\] Task tasks\.boom\[two\] received\n.* started\n.* raised unexpected: .*\nTraceback /],
    ["--state success", /^\[INFO\] Task tasks\.add\[one\] succeeded in .*: 4$/],
    [
      "--state FAILURE --since 10m",
      /^\[ERROR\] Task tasks\.boom\[two\] raised unexpected: ValueError\('no'\)\nTraceback /,
    ],
  ])("tells only what is asked for: %s", async (line, told) => {
    expect((await logs(line)).join("\n")).toMatch(told);
  });

  it("gives events as data", async () => {
    const [event] = await logs("--json --state SUCCESS");

    expect(JSON.parse(event ?? "")).toMatchObject({
      type: "task-succeeded",
      uuid: "one",
      name: "tasks.add",
      result: "4",
    });
  });

  it("tells the past in the order in which it happened, and what comes then at once", () => {
    const told: number[] = [];
    const { take, endPast } = inOrder(({ timestamp }) => told.push(timestamp));
    const event = { type: "task-sent", hostname: "w", clock: 1, local_received: 1 };

    for (const timestamp of [2, 3, 1]) take({ ...event, timestamp });
    const before = [...told];
    endPast();
    take({ ...event, timestamp: 0 });

    expect([before, told]).toEqual([[], [1, 2, 3, 0]]);
  });

  it("says why there may be nothing", async () => {
    expect(await tasks.command("logs --id three")).toEqual({
      code: 0,
      stdout: "",
      stderr: "umbel: nothing is kept of such tasks: workers tell of theirs with -E, or workerSendTaskEvents: true\n",
    });
  });

  it.each(["logs", "events --dump", "replay"])("refuses a time that is none before anything else: %s", async (line) => {
    expect(await refusalOf(["-A", tasksModule, ...line.split(" "), "--since", "tomorrow"])).toBe(
      "UsageError: --since takes how long ago, such as 10m or 2h, or an instant such as 2026-01-31 or " +
        '2026-01-31T07:30+01:00, not "tomorrow"',
    );
  });

  it("begins at an instant too", async () => {
    expect(await logs("--id one --since 2026-01-31")).toHaveLength(3);
    expect(await logs("--id one --since 2100-01-31T07:30Z")).toEqual([""]);
  });

  it("refuses a state that there is not", async () => {
    const state = await refusalOf(["-A", tasksModule, "logs", "--state", "done"]);

    expect(state).toMatch(/^UsageError: --state takes PENDING, RECEIVED, .*, not "DONE"/);
  });

  it("says in a line that the store does not answer", async () => {
    const environment = { ...tasks.environment, UPSTASH_REDIS_REST_URL: "http://127.0.0.1:1" };

    const { code, stderr } = await umbel(["-A", tasksModule, "logs"], { environment });

    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/^umbel: upstash-redis: no answer from http:\/\/127\.0\.0\.1:1 .*\n$/),
    ]);
  });

  it.skipIf(!hasTerminal)("goes on with what happens, in a terminal", async () => {
    await using screen = await openScreen({ ...tasks.environment, UMBEL_APP: tasksModule });

    screen.type("umbel logs --follow --task tasks.add");
    await screen.until(/tasks\.add\[one\] succeeded/);
    await tasks.command("call tasks.add -a [3,3] --task-id later");
    await screen.until(/tasks\.add\[later\] succeeded in .*: 6/);
    screen.press("C-c");

    await screen.until(/: 6\n(?:\^C)?\$\n/);
    expect(screen.text()).not.toContain("[two]");
  });
});
