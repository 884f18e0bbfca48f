import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { State } from "umbel/events";
import { harmless as inEvents, printable as inLogs } from "@umbel/core";
import { harmless, harmlessLine } from "../src/harmless.ts";
import { logLine } from "../src/commands/log-line.ts";
import { nodeLine } from "../src/commands/node-reply.ts";
import { screenOf } from "../src/live/screen.ts";
import { firstView } from "../src/live/view.ts";
import { openTerminal } from "../src/terminal.ts";
import { startProgram } from "@umbel/test/running-program";
import { startTasksWorker, tasksModule, type TasksWorker } from "./tasks-worker.ts";
import { commandOf } from "./umbel.ts";

/** Sets a title, clears the screen, moves the cursor, with characters of both ranges, and has what follows read from right to left. */
const hostile = "\u001B]0;mine\u0007\u009B2J\u202E";
const written = String.raw`\u001b]0;mine\u0007\u009b2J\u202e`;

/** What a receiver adds. */
const receipt = { local_received: 0, clock: 1 };

function upTo(count: number): readonly number[] {
  return Array.from({ length: count }, (_, nth) => nth);
}

function paint(_style: string, text: string): string {
  return text;
}

/** What a terminal with colours, or a file, is given. */
function printed(line: string, isTTY = false): string {
  let text = "";
  const write = (part: unknown): boolean => {
    text += String(part);
    return true;
  };
  openTerminal({ isTTY, write }, true).print(line);
  return text;
}

describe("what strangers have written", () => {
  it.each([true, false])("reaches no terminal but as letters; lines and tabs stay (terminal: %s)", (isTTY) => {
    expect(printed(`a\n\t${hostile}`, isTTY)).toBe(`a\n\t${written}\n`);
  });

  it("is the same value in JSON", () => {
    const line = printed(JSON.stringify({ [hostile]: hostile }));

    expect(line).not.toMatch(/(?!\n)\p{Cc}/u);
    expect(JSON.parse(line)).toEqual({ [hostile]: hostile });
  });

  it("may have a colour on a terminal, which ends with it; it hides nothing", () => {
    expect(printed("\u001B[31mred\u001B[8m", true)).toBe("\u001B[31mred\\u001b[8m\u001B[0m\n");
    expect(printed("\u001B[31mred")).toBe("\\u001b[31mred\n");
  });

  it("is written out as in logs and lines of events, each character", () => {
    const others = upTo(0xff_ff)
      .map((code) => String.fromCharCode(code))
      .filter((each) => harmless(each) !== inEvents(each) || harmlessLine(each) !== inLogs(each));

    expect(others).toEqual([]);
  });

  it("begins no line of its own where a line is one thing", () => {
    const event = { type: `task-a\n${hostile}`, hostname: "w", timestamp: 0, uuid: "one", ...receipt };

    expect(logLine(event, "add")).toBe(String.raw`[1970-01-01 00:00:00,000Z: INFO] Task add[one] a\u000a` + written);
    expect(nodeLine(`w\n${hostile}`, true, { paint })).toBe(String.raw`->  w\u000a${written}: OK`);
  });
});

describe("the live view", () => {
  const view = { ...firstView, selected: "one" };
  const event = { type: "task-received", hostname: "w", uuid: "one", name: "add", timestamp: 1e300, ...receipt };

  it("shows a task whose time is no date, and the log tells of it", () => {
    const state = new State();
    state.event(event);

    expect(screenOf(state, view, { columns: 100, rows: 10, paint }).join("\n")).toMatch(/> one +add +RECEIVED +w\n/);
    expect(logLine(event, "add")).toMatch(/^\[1e\+303: INFO\] Task add\[one\] received$/);
  });

  it("writes out what strangers call their states and fields", () => {
    const state = new State();
    state.event({ ...event, timestamp: 0, type: `task-${hostile}`, [hostile]: 1 });

    const screens = [true, false].map((isOpen) =>
      screenOf(state, { ...view, isOpen, note: hostile }, { columns: 200, rows: 20, paint }).join(""),
    );

    expect(screens.join("")).not.toMatch(/\p{Cc}/u);
    expect(screens[0]).toContain(written);
  });

  it.each([40, 12])("is nowhere wider than %s columns", (columns) => {
    const busy = new State();
    busy.event({ ...event, args: "x".repeat(100) });
    const screens = [new State(), busy].flatMap((state) =>
      [true, false].flatMap((isOpen) => screenOf(state, { ...view, isOpen }, { columns, rows: 12, paint })),
    );

    expect(Math.max(...screens.map((line) => line.length))).toBeLessThanOrEqual(columns);
  });
});

describe("commands", () => {
  let tasks: TasksWorker;
  beforeAll(async () => {
    tasks = await startTasksWorker({ flags: ["-E"] });
    await tasks.command(`call tasks.add --task-id one -a ["${String.raw`\u001b]0;mine\u0007`}","\u009B2J"]`);
    await tasks.worker.until(/add\[one\] succeeded/);
  });
  afterAll(async () => await tasks[Symbol.asyncDispose]());

  it.each(["result one", "result one --json", "logs --id one", "events --dump --since 10m --timeout 1"])(
    "print nothing that moves the cursor: umbel %s",
    async (line) => {
      const { stdout } = await tasks.command(line);

      expect(stdout).toContain("mine");
      expect(stdout).not.toMatch(/(?![\n\t])\p{Cc}/u);
    },
  );

  it("count what is no event, and go on: umbel events", async () => {
    const words = ["-A", tasksModule, "events", "--dump"];
    const dump = startProgram(commandOf(words), tasks.environment);
    await dump.until(/starting capture/);
    while ((await publish(tasks, "garbage")) === 0);
    for (const text of ["{}", "null", "[1]", "garbage two", "\0\u0001"]) await publish(tasks, text);

    await tasks.command("call tasks.add -a [2,3]");

    await dump.until(/task succeeded: tasks\.add\(/);
    dump.kill("SIGINT");
    await dump.endsWith(0);
    expect(dump.output()).toContain("\numbel: 6 events made no sense, and are left out\n");
  });
});

/** Publishes a text as an event of a stranger; how many have heard it. */
async function publish({ environment }: TasksWorker, text: string): Promise<number> {
  const { UPSTASH_REDIS_REST_URL: url = "", UPSTASH_REDIS_REST_TOKEN: token } = environment;
  const headers = { authorization: `Bearer ${token}` };
  const body = JSON.stringify(["PUBLISH", "/0.celeryev/task.sent", text]);
  const { result } = await (await fetch(url, { method: "POST", headers, body })).json();
  return Number(result);
}
