import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningProgram, startProgram } from "@umbel/test/running-program";
import { type TasksWorker, startTasksWorker, tasksModule } from "./tasks-worker.ts";
import { hasTerminal, openScreen } from "./terminal-screen.ts";
import { commandOf } from "./umbel.ts";

let tasks: TasksWorker;

beforeAll(async () => {
  tasks = await startTasksWorker({ flags: ["-E"] });
});

afterAll(async () => {
  await tasks[Symbol.asyncDispose]();
});

async function run(line: string): Promise<string> {
  const { stdout } = await tasks.command(`call ${line}`);
  await tasks.command(`result ${stdout.trim()}`);
  return stdout.trim();
}

describe("umbel events --dump", () => {
  it("prints the recent past in Celery's form, and ends by a limit", async () => {
    const id = await run("tasks.add -a [2,3]");

    const { code, stdout, stderr } = await tasks.command("events --dump --since 10m --limit 4");

    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const lines = stdout.split("\n");
    expect(lines[0]).toBe("-> evdump: starting capture...");
    expect(lines[1]).toMatch(/^worker@tasks \[\d{4}-\d\d-\d\d [\d:.]+\+00:00\] started: .*sw_ident=umbel/);
    expect(lines[2]).toContain(`task received: tasks.add(${id}) args=(2, 3) kwargs={} `);
    expect(lines[4]).toMatch(new RegExp(`task succeeded: tasks\\.add\\(${id}\\) .*result=5, runtime=`));
  });

  it("is JSON on demand, and ends when nothing has come for a while", async () => {
    const id = await run("tasks.boom");

    const { stdout } = await tasks.command("events --json --since 10m --timeout 1");

    const events = stdout
      .trim()
      .split("\n")
      .map((line): unknown => JSON.parse(line));
    expect(events).toContainEqual(
      expect.objectContaining({
        type: "task-failed",
        uuid: id,
        exception: "ValueError('no')",
        hostname: "worker@tasks",
      }),
    );
  });

  it("says what is wrong with what it was told", async () => {
    const since = await tasks.command("events --dump --since soon");
    const camera = await tasks.command("events -c mine");

    expect(since).toMatchObject({
      code: 2,
      stdout: "",
      stderr: expect.stringMatching(/^umbel: --since takes [^\n]*\n$/),
    });
    expect(camera).toMatchObject({
      code: 2,
      stderr: "umbel: -c: snapshots are a function here: snapshots(state) of umbel/events\n",
    });
  });
});

describe.runIf(hasTerminal)("umbel events in a terminal", () => {
  it("shows tasks as they come, one of them whole, revokes, and gives the terminal back", async () => {
    await using screen = await openScreen(tasks.environment);
    const failed = await run("tasks.boom");
    screen.type(`umbel -A ${tasksModule} events --since 10m -F 0.2`);
    await screen.until(new RegExp(`> ${failed} tasks\\.boom +FAILURE +[\\d:]{8}Z worker@tasks`));
    expect(screen.text()).toMatch(/^umbel events: \d+ tasks  .*FAILURE \d/);
    expect(screen.text()).toContain("workers online: worker@tasks");

    const waiting = (await tasks.command("call tasks.add -a [1,1] --countdown 1")).stdout.trim();
    await screen.until(new RegExp(`${waiting} tasks\\.add +SUCCESS`));
    screen.press("Up");
    screen.press("Down");
    screen.press("Enter");
    await screen.until(/exception +ValueError\('no'\)/);
    expect(screen.text()).toMatch(/traceback +Traceback/);

    screen.press("r");
    await screen.until(new RegExp(`Revoke tasks\\.boom\\[${failed}\\]\\?`));
    screen.press("y");
    await screen.until(new RegExp(`${failed} is revoked`));
    screen.press("Escape");
    await screen.until(/Up Down PgUp PgDn Home End choose/);
    screen.press("/");
    screen.press("b");
    screen.press("O");
    await screen.until(/^umbel events: \d+ of \d+ tasks have "bO"/);
    screen.press("Enter");
    await screen.until(/Up Down PgUp PgDn Home End choose/);
    screen.press("q");
    await screen.until(/\$ umbel -A .* events --since 10m -F 0\.2\n\$/);
    expect(await tasks.command("inspect revoked")).toMatchObject({ stdout: expect.stringContaining(failed) });
  });

  it("says when the connection is lost, and goes on once it is back", async () => {
    const gateway = startGateway("0");
    await gateway.until(/UPSTASH_REDIS_REST_TOKEN=/);
    const environment = Object.fromEntries(
      [...gateway.output().matchAll(/^ +([A-Z_]+)=(\S+)$/gm)].map(([, name = "", value = ""]) => [name, value]),
    );
    await using screen = await openScreen({ ...tasks.environment, ...environment });
    screen.type(`umbel -A ${tasksModule} events -F 0.2`);
    await screen.until(/^workers online: none heard of yet/m);

    await gateway.killed();
    await screen.until(/^connection lost, and tried again until it is back: .*/m);
    startGateway(new URL(environment["UPSTASH_REDIS_REST_URL"] ?? "").port);

    await screen.until(/^workers online: none heard of yet/m);
    screen.press("q");
    await screen.until(/events -F 0\.2\n\$/);
    expect(screen.text()).not.toContain("umbel: ");
  });

  it("says what to do while nothing is heard of", async () => {
    await using screen = await openScreen(tasks.environment);

    screen.type(`umbel -A ${tasksModule} events`);

    await screen.until(/workers online: none heard of yet/);
    expect(screen.text()).toMatch(/No task was heard of yet\. Workers send events with -E/);
    screen.press("C-c");
    await screen.until(/events\n\$/);
  });
});

function startGateway(restPort: string): RunningProgram {
  return startProgram(commandOf(["gateway", "--data", ":memory:", "--port", "0", "--rest-port", restPort]));
}
