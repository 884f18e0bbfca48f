import { startProgram } from "@umbel/test/running-program";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { refusalOf } from "./refusal.ts";
import { startTasksWorker, type TasksWorker, tasksModule } from "./tasks-worker.ts";
import { hasTerminal, openScreen } from "./terminal-screen.ts";
import { commandOf, umbel } from "./umbel.ts";

let tasks: TasksWorker;
beforeAll(async () => {
  tasks = await startTasksWorker();
});
afterAll(async () => await tasks[Symbol.asyncDispose]());

async function sent(line: string): Promise<string> {
  const { stdout } = await tasks.command(`call ${line}`);
  return stdout.trim();
}

describe("umbel call", () => {
  it("sends a call and prints its id, umbel result its value", async () => {
    const call = await tasks.command("call tasks.add -a [3,5]");
    const id = call.stdout.trim();
    const [one, other, json] = await Promise.all(
      [`result -t tasks.add ${id}`, `result ${id}`, `result ${id} --json`].map(tasks.command),
    );

    expect(call).toEqual({ code: 0, stdout: expect.stringMatching(/^[\da-f-]{36}\n$/), stderr: "" });
    expect([one, other]).toEqual([
      { code: 0, stdout: "8\n", stderr: "" },
      { code: 0, stdout: "8\n", stderr: "" },
    ]);
    expect(JSON.parse(json?.stdout ?? "")).toEqual({ id, state: "SUCCESS", result: 8 });
  });

  it("takes an id, and says of it what is asked for", async () => {
    const { stdout } = await tasks.command("call tasks.add -a [1,1] --task-id mine --json --priority 3 --expires 60");

    expect(JSON.parse(stdout)).toEqual({ id: "mine", task: "tasks.add" });
    expect((await tasks.command("result mine")).stdout).toBe("2\n");
  });

  it("says that nothing is sent where the broker has the call already, and sends it again after a purge", async () => {
    const call = "call tasks.add -a [3,4] --task-id again --queue again";
    await tasks.command(`${call} --countdown 900`);
    const [twice, json] = [await tasks.command(call), await tasks.command(`${call} --json`)];
    await tasks.command("purge -Q again -f");

    const anew = await tasks.command(call);

    const stderr = expect.stringContaining("the broker has had a call with the id again within ten minutes");
    expect(twice).toEqual({ code: 0, stdout: "again\n", stderr });
    expect(JSON.parse(json.stdout)).toEqual({ id: "again", task: "tasks.add", deduplicated: true });
    expect(anew).toEqual({ code: 0, stdout: "again\n", stderr: "" });
    expect((await tasks.command("result again")).stdout).toBe("7\n");
  });

  it("sends what its module does not have, and says so", async () => {
    const answer = await tasks.command("call tasks.ad -a [1,1]");

    expect(answer.code).toBe(0);
    expect(answer.stderr).toBe(
      `umbel: ${tasksModule} has no task "tasks.ad"; the nearest name is "tasks.add": it is sent for whoever has\n`,
    );
    expect((await tasks.command(`result ${answer.stdout.trim()}`)).stderr).toMatch(/failed: NotRegistered: /);
  });

  it.each([
    ["-a [1,", "-a takes a JSON array such as '[2, 2]', and this is no JSON: "],
    ['-a {"x":1}', "-a takes a JSON array such as '[2, 2]', not {\"x\":1}"],
    ["-k [1]", "-k takes a JSON object such as '{\"x\": 2}', not [1]"],
    ["--eta tomorrow", "--eta takes an instant such as 2026-01-31 or "],
    ["--expires soon", "--expires takes seconds, a duration such as 1h30m, or an instant such as 2026-01-31 or "],
    ["--countdown -3", '--countdown takes seconds from 0, or a duration such as 1h30m, not "-3"'],
    ["--countdown soon", '--countdown takes seconds from 0, or a duration such as 1h30m, not "soon"'],
    ["--priority 10", '--priority takes a number from 0 to 9, not "10"'],
    ["--exchange a", "--exchange: there are queues only: --queue names one"],
  ])("refuses %j", async (flags, sentence) => {
    expect(await refusalOf(["call", "tasks.add", ...flags.split(" ")])).toContain(`UsageError: ${sentence}`);
  });

  it("takes a length of time in words: how long it waits, and when it is too late", async () => {
    const id = await sent("tasks.add -a [2,2] --countdown 8d --expires 9d");

    const { stdout } = await tasks.command("inspect scheduled --json");
    const [, eta = ""] = new RegExp(`"eta":"([^"]+)","priority":\\d,"request":{"id":"${id}"`).exec(stdout) ?? [];

    expect((Date.parse(eta) - Date.now()) / 86_400_000).toBeCloseTo(8, 2);
  });

  it("refuses what contradicts itself in a line, with 1", async () => {
    const answer = await tasks.command("call tasks.add --countdown 3 --eta 2030-01-01");

    expect(answer).toEqual({
      code: 1,
      stdout: "",
      stderr: expect.stringMatching(/^umbel: countdown and eta are .*\n$/),
    });
  });

  it("says in a line that no broker answers", async () => {
    const environment = { ...tasks.environment, QSTASH_URL: "http://127.0.0.1:1" };

    const { code, stderr } = await umbel(["-A", tasksModule, "call", "tasks.add", "-a", "[1,2]"], { environment });

    expect([code, stderr.trim().split("\n").length]).toEqual([1, 1]);
    expect(stderr).toMatch(/^umbel: qstash: no answer from http:\/\/127\.0\.0\.1:1 /);
  });
});

describe("umbel result", () => {
  it("prints the traceback of what failed, and ends with 1", async () => {
    const id = await sent("tasks.boom");
    const [text, json] = await Promise.all([tasks.command(`result ${id}`), tasks.command(`result ${id} --json`)]);

    const traceback = /^Traceback \(most recent call last\):\n {2}File ".*tasks\.ts", line 15, .*\nValueError: no\n?$/;
    expect(text).toEqual({
      code: 1,
      stdout: expect.stringMatching(traceback),
      stderr: `umbel: ${id} failed: ValueError: no\n`,
    });
    expect(JSON.parse(json.stdout)).toMatchObject({ id, state: "FAILURE", error: "ValueError: no" });
    expect((await tasks.command(`result ${id} --traceback`)).stdout).toBe(text.stdout);
  });

  it("says that there is no traceback where there is none", async () => {
    expect(await tasks.command("result never --traceback")).toEqual({
      code: 0,
      stdout: "never is PENDING: there is no traceback of it.\n",
      stderr: "",
    });
  });

  it("does not wait for ever for an id that nobody knows", async () => {
    const answer = await tasks.command("result never --timeout 0.2");

    expect(answer).toMatchObject({ code: 1, stdout: "" });
    expect(answer.stderr).toMatch(
      /^umbel: never is still PENDING after 0\.2 s: no message of it waits and no worker holds it: the id is wrong, .* --timeout 2 waits longer\n$/,
    );
  });

  it("says how far a task is by what it tells of itself, and who runs it", async () => {
    const { environment } = tasks;
    const app = ["-A", "packages/cli/test/modules/progress.ts"];
    const worker = startProgram(commandOf([...app, "worker", "--port", "0"]), environment);
    const [, url = ""] = await worker.until(/served at: +(\S+)\n[^]* ready\./);
    const there = { environment: { ...environment, UMBEL_WORKER_URL: url } };
    await umbel([...app, "call", "progress.half", "--task-id", "halfway"], there);
    await worker.until(/halfway\] received/);

    const [text, json] = await Promise.all(
      [[], ["--json"]].map(
        async (flags) => await umbel([...app, "result", "halfway", "--timeout", "0.5", ...flags], there),
      ),
    );

    const line =
      'halfway is still HALF ({"done":1,"of":2}) after 0.5 s: worker@progress runs it. --timeout 5 waits longer';
    expect(text).toEqual({ code: 1, stdout: "", stderr: `umbel: ${line}\n` });
    expect(JSON.parse(json?.stdout ?? "")).toEqual({
      id: "halfway",
      state: "HALF",
      meta: { done: 1, of: 2 },
      error: line,
    });
  });

  it("names the paused queue in which a message waits, and how it goes on", async () => {
    await tasks.command("control cancel_consumer slow");
    await tasks.command("call tasks.slow -a [1] --task-id waiting");

    const { stderr } = await tasks.command("result waiting --timeout 0.5");
    await tasks.command("control add_consumer slow");

    expect(stderr).toBe(
      "umbel: waiting is still PENDING after 0.5 s: its queue slow is paused: umbel control add_consumer slow lets it go on. --timeout 5 waits longer\n",
    );
  });

  it("says when a call is due that is not yet, and that one may have been purged", async () => {
    await tasks.command("call tasks.add -a [1,1] --task-id due --queue due --eta 2099-01-31T07:30Z");

    const due = await tasks.command("result due --timeout 0.5");
    await tasks.command("purge -Q due -f");
    const gone = await tasks.command("result due --timeout 0.5");

    expect(due.stderr).toBe(
      "umbel: due is still PENDING after 0.5 s: it is due at 2099-01-31 07:30:00Z, and waits until then. --timeout 5 waits longer\n",
    );
    expect(gone.stderr).toMatch(/the id is wrong, or it was purged or cancelled, or its result has expired, or /);
  });

  it("knows -t for the task, as in Celery, and names --timeout to whoever means that", async () => {
    expect(await tasks.command("result never -t 5")).toEqual({
      code: 2,
      stdout: "",
      stderr: "umbel: -t names the task, as in Celery: --timeout 5 waits for so long\n",
    });
  });

  it("knows the names of tasks", async () => {
    const { code, stderr } = await tasks.command("result -t tasks.ad never");

    expect([code, stderr]).toEqual([
      1,
      `umbel: ${tasksModule} has no task "tasks.ad"; the nearest name is "tasks.add"\n`,
    ]);
  });
});

describe.skipIf(!hasTerminal)("in a terminal", () => {
  it("the id of a call goes from one command to the other", async () => {
    await using screen = await openScreen({ ...tasks.environment, UMBEL_APP: tasksModule });

    screen.type("umbel result $(umbel call tasks.add -a '[4, 4]')");

    await screen.until(/^8$/m);
    screen.type("clear; umbel result $(umbel call tasks.boom) --traceback; umbel result $(umbel call tasks.boom)");
    await screen.until(/failed: ValueError: no\n\$/);
    expect(screen.text()).toMatch(/Traceback \(most recent call last\):\n {2}File .*\nValueError: no\numbel: /);
  });
});
