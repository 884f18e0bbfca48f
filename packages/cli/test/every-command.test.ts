import { readFileSync } from "node:fs";
import { join } from "node:path";
import { repository } from "@umbel/test/running-program";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TasksWorker, startTasksWorker, tasksModule } from "./tasks-worker.ts";
import { hasTerminal, openScreen, type TerminalScreen } from "./terminal-screen.ts";
import { umbel } from "./umbel.ts";

let tasks: TasksWorker;
let screen: TerminalScreen;

/** What each command is typed with, and what the screen shows then. Those that stay are in tests of their own. */
const shown: readonly (readonly [line: string, shows: RegExp])[] = [
  ["call tasks.add -a [2,2] --task-id mine", /^mine$/m],
  ["result mine", /^4$/m],
  ["status", /^->  worker@tasks: OK\n\n1 node online\.$/m],
  ["inspect registered", /^ {4}\* tasks\.add$/m],
  ["control enable_events", /^ {4}task events (?:already )?enabled$/m],
  ["logs --since 10m", /Task tasks\.add\[mine\] succeeded in/],
  ["events --dump --since 10m --limit 3", /^-> evdump: starting capture\.\.\.$/m],
  ["schedule list", /^There are no entries/m],
  ["list tasks", /^tasks\.alone/m],
  ["graph nightly -A packages/cli/test/modules/canvases.ts", /^flowchart LR$/m],
  ["report", /^software -> umbel/m],
  ["conf", /resultTimeout/],
  ["doctor", /^ok {2}route default/m],
  ["replay --all --dry-run", /^0 messages would be sent again\.$/m],
  ["purge -Q nothing -f", /^No messages purged from 1 queue \(nothing\)\.$/m],
];

/** What goes on until it is ended. */
const staying = ["worker", "gateway", "dev", "shell"];

/** Where the next command is typed. */
const prompt = /\n\$ ?\n*$/;

describe.runIf(hasTerminal)("in a terminal", () => {
  beforeAll(async () => {
    tasks = await startTasksWorker({ flags: ["-E"] });
    screen = await openScreen(tasks.environment);
  });

  afterAll(async () => {
    await screen[Symbol.asyncDispose]();
    await tasks[Symbol.asyncDispose]();
  });

  it.each(shown)("umbel %s shows what it is asked for", async (line, shows) => {
    screen.type(`clear; umbel -A ${tasksModule} ${line}`);

    const [found] = await screen.until(shows);
    expect(found).not.toBe("");
    await screen.until(prompt);
  });

  it("umbel beat goes on until it is told to end", async () => {
    screen.type(`clear; umbel -A ${tasksModule} beat`);

    await screen.until(/beat: Starting\.\.\./);
    screen.press("C-c");
    await screen.until(/beat: Shutting down\.\.\./);
    await screen.until(prompt);
    expect(screen.text()).not.toContain("Error");
  });

  it("every command of the help is one of these, or has a screen in a test of its own", async () => {
    const { stdout } = await umbel(["--help"]);
    const commands = [...stdout.matchAll(/^ {2}([a-z]+)(?:\|[a-z_]+)? .*$/gm)]
      .map(([, name = ""]) => name)
      .filter((name) => name !== "umbel");

    const typed = new Set([...shown.map(([line]) => line.split(" ")[0]), "beat", ...staying]);

    expect(commands.length).toBeGreaterThan(15);
    expect(commands.filter((name) => !typed.has(name))).toEqual([]);
    for (const name of staying) {
      expect(readFileSync(join(repository, `packages/cli/test/${name}.test.ts`), "utf8")).toContain("openScreen(");
    }
  });
});
