import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { poll } from "@umbel/test/running-program";
import { type TasksWorker, startTasksWorker, tasksModule } from "./tasks-worker.ts";
import { hasTerminal, openScreen } from "./terminal-screen.ts";
import type { Answer } from "./umbel.ts";

let tasks: TasksWorker;

beforeAll(async () => {
  tasks = await startTasksWorker();
});

afterAll(async () => {
  await tasks[Symbol.asyncDispose]();
});

const node = "worker@tasks";

async function call(line: string): Promise<string> {
  const { stdout, stderr } = await tasks.command(`call ${line}`);
  expect(stderr).toBe("");
  return stdout.trim();
}

/** Several commands at once; their answers in order. */
async function all<const Lines extends readonly string[]>(...lines: Lines): Promise<{ [Nth in keyof Lines]: Answer }>;
async function all(...lines: readonly string[]): Promise<readonly Answer[]> {
  return await Promise.all(lines.map(async (line) => await tasks.command(line)));
}

/** The ids of the tasks in an answer. */
function idsIn({ stdout }: Answer): ReadonlySet<string> {
  const listed: readonly { readonly id: string }[] = JSON.parse(stdout)[node];
  return new Set(listed.map(({ id }) => id));
}

/** Asks until the answer has all of it. */
async function until(line: string, ...texts: readonly string[]): Promise<Answer> {
  let last: Answer | undefined;
  const found = await poll(60, async () => {
    last = await tasks.command(line);
    return texts.every((text) => last?.stdout.includes(text)) ? last : false;
  });
  if (found === false) throw new Error(`umbel ${line} has not answered ${texts.join(", ")}: ${JSON.stringify(last)}`);
  return found;
}

describe("umbel status", () => {
  it("says who is online, in Celery's words", async () => {
    await tasks.command(`result ${await call("tasks.add -a [2,2]")}`);

    const { code, stdout } = await tasks.command("status");

    expect({ code, stdout }).toEqual({ code: 0, stdout: `->  ${node}: OK\n\n1 node online.\n` });
  });

  it("ends with 1 for a name that nobody has, as every question does, and says who is online", async () => {
    const { code, stdout, stderr } = await tasks.command("status -d worker@elsewhere");

    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toBe(`umbel: there is no worker@elsewhere online; online: ${node}\n`);
    expect(await tasks.command("inspect active -d worker@elsewhere")).toEqual({ code: 1, stdout: "", stderr });
  });

  it("is JSON on demand", async () => {
    const { stdout } = await tasks.command("status --json");

    expect(JSON.parse(stdout)).toMatchObject({ nodes: [{ node, app: "tasks", runtime: "node" }], paused: [] });
  });
});

describe("umbel inspect", () => {
  it("shows what runs, what waits behind it, and what is due later", async () => {
    const running = await call("tasks.alone -a [600]");
    await until("inspect active", running);
    const [one = "", other = "", later = ""] = await Promise.all(
      ["tasks.alone -a [1]", "tasks.alone -a [2]", "tasks.add -a [1,1] --countdown 60"].map(call),
    );
    const waiting = [one, other];

    const active = await tasks.command("inspect active --json");
    const reserved = await until("inspect reserved --json", ...waiting);
    const scheduled = await until("inspect scheduled --json", later);

    expect(JSON.parse(active.stdout)).toMatchObject({
      [node]: [{ id: running, name: "tasks.alone", args: "(600,)", kwargs: "{}", hostname: node, acknowledged: false }],
    });
    expect(idsIn(reserved)).toEqual(new Set(waiting));
    expect(JSON.parse(scheduled.stdout)[node]).toMatchObject([{ priority: 6, request: { id: later, args: "(1, 1)" } }]);
    const queried = await tasks.command(`inspect query_task ${running} ${one} nobodys --json`);
    expect(JSON.parse(queried.stdout)[node]).toMatchObject({
      [running]: ["active", { id: running }],
      [one]: ["reserved", { name: "tasks.alone" }],
    });

    await tasks.command(`control terminate ${running} ${waiting.join(" ")} ${later}`);
    const revoked = await tasks.command("inspect revoked --json");
    expect(new Set(JSON.parse(revoked.stdout)[node])).toEqual(new Set([running, ...waiting, later]));
  }, 120_000);

  it("shows tasks, numbers, queues and settings of workers, as text for people", async () => {
    const [registered, stats, queues, conf, clock] = await all(
      "inspect registered",
      "inspect stats --json",
      "inspect active_queues --json",
      "inspect conf --json",
      "inspect clock",
    );

    expect(registered.stdout).toContain(`->  ${node}: OK\n    * tasks.add\n`);
    expect(JSON.parse(stats.stdout)[node].total["tasks.add"]).toBeGreaterThan(0);
    expect(JSON.parse(queues.stdout)[node].map(({ name }: { readonly name: string }) => name)).toContain("slow");
    expect(JSON.parse(conf.stdout)[node]).toMatchObject({ resultTimeout: 20 });
    expect(clock.stdout).toMatch(/"clock": \d+/);
  });

  it("refuses a question that there is not with the nearest one, and tells of all", async () => {
    const [wrong, none, list] = await all("inspect activ", "inspect memdump", "inspect --list");

    expect(wrong).toMatchObject({ code: 2, stdout: "" });
    expect(wrong.stderr).toBe('umbel: There is no inspect command "activ"; the nearest name is "active"\n');
    expect(none).toMatchObject({ code: 2, stderr: expect.stringContaining("There is no memdump: a worker here") });
    expect(list.stdout).toMatch(/^query_task TASK_ID \[TASK_ID \.\.\.\] +What is known of tasks$/m);
  });
});

describe("umbel control", () => {
  it("changes a rate limit and says so for each worker; an unknown task and a rate that is none are refused", async () => {
    const [good, unknown, wrong] = await all(
      "control rate_limit tasks.add 100/m",
      "control rate_limit tasks.nothing 10/m",
      "control rate_limit tasks.add often",
    );
    const off = await tasks.command("control rate_limit tasks.add 0");

    const reach =
      "tasks.add declares no rateLimit: the new one holds for what workers send, and not for callers' messages";
    expect(good).toEqual({
      code: 0,
      stdout: `->  ${node}: OK\n    new rate limit set successfully\n    ${reach} until it declares one\n`,
      stderr: "",
    });
    expect(unknown).toMatchObject({ code: 1, stdout: `->  ${node}: ERROR\n    unknown task\n` });
    expect(wrong).toMatchObject({ code: 1, stdout: expect.stringContaining("Invalid rate limit string") });
    expect(off.stdout).toContain("rate limit disabled successfully");
  });

  it("leaves out the signal that Celery's terminate begins with, says so, and no id that looks like one", async () => {
    const signal = await tasks.command("control terminate SIGKILL nobody");
    const ids = await tasks.command("control terminate ORDER7 ORDER8");
    const revoked = await tasks.command("inspect revoked --json");

    expect(signal.stderr).toBe(
      "umbel: no signal is sent to a task here, SIGKILL neither: its task.signal is aborted\n",
    );
    expect(ids).toMatchObject({ code: 0, stderr: "" });
    expect(JSON.parse(revoked.stdout)[node]).toEqual(expect.arrayContaining(["nobody", "ORDER7", "ORDER8"]));
    expect(revoked.stdout).not.toContain("SIGKILL");
  });

  it("says nothing of messages that wait where no queue was paused", async () => {
    const { stdout } = await tasks.command("control add_consumer untouched");

    expect(stdout).toBe(`->  ${node}: OK\n    already consuming from untouched\n`);
  });

  it("says how many calls have a stamp that is revoked, and refuses a stamp without a value", async () => {
    const [text, json, empty] = await all(
      "control revoke_by_stamped_headers batch=none",
      "control revoke_by_stamped_headers batch=none --json",
      "control revoke_by_stamped_headers batch=",
    );

    expect(text.stdout).toContain("\n    0 calls have such a stamp, and are revoked\n");
    expect(JSON.parse(json.stdout)).toEqual([{ [node]: { ok: expect.any(String), revoked: 0 } }]);
    expect(empty).toMatchObject({ code: 2, stdout: "" });
    expect(empty.stderr).toContain('A stamp is given as NAME=VALUE, and not as "batch="');
  });

  it("has a task's limits go back to what it declares", async () => {
    const asked = "inspect registered rate_limit soft_time_limit time_limit";
    await tasks.command("control rate_limit tasks.add 50/m");
    await tasks.command("control time_limit tasks.add 5 9");
    const set = await tasks.command(asked);
    const [rate, time] = [
      await tasks.command("control rate_limit tasks.add default"),
      await tasks.command("control time_limit tasks.add default"),
    ];
    const back = await tasks.command(asked);

    expect(set.stdout).toContain("tasks.add [rate_limit=50/m soft_time_limit=5 time_limit=9]");
    expect([rate.code, time.code]).toEqual([0, 0]);
    expect(rate.stdout).toContain("successfully\n    tasks.add declares none: no limit is in force\n");
    expect(time.stdout).toContain("successfully\n    tasks.add goes by those that it declares\n");
    expect(back.stdout).not.toMatch(/tasks\.add \[/);
  });

  it("pauses a queue until its messages are to be begun again", async () => {
    const stopped = await tasks.command("control cancel_consumer slow");
    const id = await call("tasks.slow -a [0]");
    const shown = await tasks.command("status");
    const waiting = await tasks.command(`result ${id} --timeout 1`);
    const resumed = await tasks.command("control add_consumer slow");

    expect(stopped.stdout).toContain("no longer consuming from slow");
    expect(shown.stdout).toContain("Paused queues: slow");
    expect(waiting.code).toBe(1);
    expect(resumed.stdout).toContain("add consumer slow");
    await tasks.command(`control revoke ${id}`);
  });

  it("tells mistakes of whoever typed it in a line, and ends with 2", async () => {
    const answers = await all(...mistakes.map(([line]) => line));

    expect(answers.map(({ code, stdout }) => ({ code, stdout }))).toEqual(
      mistakes.map(() => ({ code: 2, stdout: "" })),
    );
    expect(answers.map(({ stderr }) => stderr.trim())).toEqual(
      mistakes.map(([, what]) => expect.stringMatching(new RegExp(`^[^\\n]*${what}[^\\n]*$`))),
    );
  });
});

const mistakes = [
  ["control", "takes a change"],
  ["control rate_limit tasks.add", "takes more than that"],
  ["control revoke", "takes ids"],
  ["control time_limit tasks.add soon", "0 for none"],
  ["control pool_grow", "has no pool of processes"],
  ["control add_consumer slow -d worker@tasks", "is for all workers"],
  ["replay", "replay takes ids"],
] as const;

describe("umbel purge", () => {
  it("deletes what waits, and says so when there is nothing", async () => {
    await Promise.all(
      [1, 2, 3].map(async (nth) => await call(`tasks.add -a [${nth},1] --countdown 600 --queue later`)),
    );

    const asked = await tasks.command("purge -Q later");
    const first = await tasks.command("purge -Q later -f");
    const second = await tasks.command("purge -Q later -f");

    expect(asked).toMatchObject({ code: 1, stdout: "" });
    expect(asked.stderr).toContain("This deletes 3 messages of 1 queue (later), for good.");
    expect(first).toEqual({ code: 0, stdout: "Purged 3 messages from 1 queue (later).\n", stderr: "" });
    expect(second.stdout).toBe("No messages purged from 1 queue (later).\n");
  });
});

describe.runIf(hasTerminal)("umbel purge in a terminal", () => {
  it.each([
    ["C-d", 1],
    ["C-c", 130],
  ])("deletes nothing when it is left by %s", async (key, code) => {
    await call("tasks.add -a [1,1] --countdown 600 --queue kept");
    await using screen = await openScreen(tasks.environment);

    screen.type(`umbel -A ${tasksModule} purge -Q kept; echo "code $?"`);
    await screen.until(/\(yes\/no\)/);
    screen.press(key);
    await screen.until(/code \d+\n/);

    expect(screen.text()).toMatch(
      new RegExp(String.raw`\(yes/no\)\s*\n(?:\^C\n)?umbel: nothing is deleted\ncode ${code}\n`),
    );
  });
});

describe("umbel replay", () => {
  it("sends a dead letter again, after a dry run that says which; one that is none is told", async () => {
    const id = await call("tasks.refuses");
    await tasks.command(`result ${id}`);

    const dry = await until("replay --task tasks.refuses --dry-run -a [7]", "1 message would be sent again.");
    const real = await tasks.command(`replay ${id}`);
    const unknown = await tasks.command("replay nobodys noones");

    expect(dry.stdout).toMatch(
      new RegExp(
        `^${id} {2}tasks\\.refuses {2}default\\n {4}args \\(\\), kwargs \\{\\}\\n {4}now args \\(7,\\)\\n {4}given up at 20[\\d: -]+Z after 0 retries: 489 The task has ended \\(Reject: not today\\), and its message is to be kept among the dead letters\\n`,
      ),
    );
    expect(real).toMatchObject({ code: 0, stdout: expect.stringContaining("1 message sent again.") });
    expect(unknown).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^umbel: nobodys is not sent again: [^\n]+; noones is not sent again: [^\n]+\n$/),
    });
  });
});

describe("a store that cannot be reached", () => {
  it("is one line and exit code 1, whatever is asked", async () => {
    const lines = ["status", "inspect active", "control enable_events"];

    const answers = await Promise.all(
      lines.map(async (line) => await tasks.command(`--result-backend http://127.0.0.1:9 ${line}`)),
    );

    for (const { code, stdout, stderr } of answers) {
      expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
      expect(stderr.trim()).toMatch(/^umbel: [^\n]*127\.0\.0\.1:9[^\n]*$/);
    }
  });
});
