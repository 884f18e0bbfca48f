import { controlCommands, inspectCommands } from "umbel/control";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TasksWorker, startTasksWorker, tasksModule } from "./tasks-worker.ts";
import { hasTerminal, openScreen, type TerminalScreen } from "./terminal-screen.ts";

/** What is typed, in this order, and what the screen shows then. */
const changes: readonly (readonly [line: string, shows: RegExp])[] = [
  ["control ping", /^ {4}pong$/m],
  ["control revoke gone", /^ {4}tasks \{'gone'\} flagged as revoked$/m],
  ["control terminate gone", /^ {4}terminate: tasks unknown\n {4}none of them runs; [^\n]+\n\$/m],
  ["control revoke_by_stamped_headers tenant=acme", /^ {4}headers \{'tenant': \['acme'\]\} flagged as revoked/m],
  ["control rate_limit tasks.add 10/m", /^ {4}new rate limit set successfully$/m],
  ["control time_limit tasks.add 5 9", /^ {4}time limits set successfully$/m],
  ["control disable_events", /^ {4}task events disabled$/m],
  ["control enable_events", /^ {4}task events enabled$/m],
  ["control cancel_consumer slow", /^ {4}no longer consuming from slow$/m],
  ["control add_consumer slow", /^ {4}add consumer slow\n\nWhat waits comes at its next try: in a minute/m],
  ["control shutdown", /^ {4}shutting down$/m],
  ["status", /^->  worker@tasks: OK {2}\(drained\)$/m],
  ["control restart", /^ {4}restarting\n\nWhat waits comes at its next try: in a minute/m],
];

const questions: readonly (readonly [line: string, shows: RegExp])[] = [
  ["inspect ping", /^ {4}pong\n\n1 node online\.$/m],
  ["inspect active", /^ {4}- empty -\n\n1 node online\.$/m],
  ["inspect reserved", /^ {4}- empty -\n\n1 node online\.$/m],
  ["inspect scheduled", /^ +"id": "later",$/m],
  ["inspect revoked", /^ {4}\* gone$/m],
  ["inspect registered rate_limit", /^ {4}\* tasks\.add \[rate_limit=10\/m\]$/m],
  ["inspect stats", /"total": \{\n[^}]*"tasks\.add": 1/],
  ["inspect query_task mine", /"ready",\n +\{\n +"id": "mine",$/m],
  ["inspect active_queues", /^ +"name": "slow",$/m],
  ["inspect conf", /^ +"resultTimeout": 20,$/m],
  ["inspect clock", /^ +"clock": \d+$/m],
  ["inspect report", /^ {4}software -> umbel/m],
];

const replays: readonly (readonly [line: string, shows: RegExp])[] = [
  [
    "replay edited -a [] -k {} --new",
    /^[-0-9a-f]{36} {2}tasks\.refuses {2}default {2}\(replay of edited\)\n1 message sent again\.$/m,
  ],
  ["replay again", /^again {2}tasks\.refuses {2}default\n1 message sent again\.$/m],
];

/** Where the next command is typed. */
const prompt = /(?:^|\n)\$ ?\n*$/;

describe("each change and each question that there is", () => {
  it("is typed here once", () => {
    const named = new Set([...changes, ...questions].map(([line]) => line.split(" ").slice(0, 2).join(" ")));
    const all = [
      ...controlCommands.map(({ name }) => `control ${name}`),
      ...inspectCommands.map(({ name }) => `inspect ${name}`),
    ];

    expect(all.length).toBeGreaterThan(20);
    expect(all.filter((each) => !named.has(each))).toEqual([]);
  });
});

describe.runIf(hasTerminal && process.env["UMBEL_TEST_LEVEL"] === "full")("in a terminal", () => {
  let tasks: TasksWorker;
  let screen: TerminalScreen;

  beforeAll(async () => {
    tasks = await startTasksWorker({ flags: ["-E"] });
    screen = await openScreen(tasks.environment);
    await Promise.all(
      [
        "tasks.add -a [2,2] --task-id mine",
        "tasks.add -a [2,2] --task-id later --countdown 600",
        "tasks.refuses --task-id edited",
        "tasks.refuses --task-id again",
      ].map(async (line) => await tasks.command(`call ${line}`)),
    );
    await tasks.worker.until(/tasks\.add\[mine\] succeeded/);
  });

  afterAll(async () => {
    await screen[Symbol.asyncDispose]();
    await tasks[Symbol.asyncDispose]();
  });

  it.each([...changes, ...questions, ...replays])("umbel %s shows what came of it", async (line, shows) => {
    screen.type(`clear; umbel -A ${tasksModule} ${line}`);

    const [found] = await screen.until(shows);
    expect(found).not.toBe("");
    await screen.until(prompt);
  });

  it("umbel purge deletes what waits when it is answered yes, and says so; then there is nothing", async () => {
    const line = "call tasks.add -a [1,1] --countdown 600 --queue waiting";
    await Promise.all([1, 2, 3].map(async () => await tasks.command(line)));
    screen.type(`clear; umbel -A ${tasksModule} purge -Q waiting`);
    await screen.until(/This deletes 3 messages of 1 queue \(waiting\)[^]*\(yes\/no\)/);

    screen.type("y");
    await screen.until(/^Purged 3 messages from 1 queue \(waiting\)\.$/m);

    screen.type(`clear; umbel -A ${tasksModule} purge -Q waiting`);
    await screen.until(/^No messages purged from 1 queue \(waiting\)\.$/m);
    expect(screen.text()).not.toContain("yes/no");
  });

  it("umbel events terminates the task that was chosen, when t is answered yes", async () => {
    await tasks.command("call tasks.alone -a [600] --task-id endless");
    screen.type(`clear; umbel -A ${tasksModule} events --since 10m -F 0.2`);
    await screen.until(/ endless +tasks\.alone +STARTED/);
    screen.press("/");
    screen.type("endless");
    await screen.until(/^> endless +tasks\.alone/m);

    screen.press("t");
    await screen.until(/Terminate tasks\.alone\[endless\]\?/);
    screen.press("y");

    await screen.until(/endless is revoked, and aborted within/);
    screen.press("q");
    await screen.until(prompt);
    expect((await tasks.command("inspect revoked")).stdout).toContain("    * endless\n");
  });
});
