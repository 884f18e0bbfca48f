import { spawn } from "node:child_process";
import { once } from "node:events";
import { poll, repository } from "@umbel/test/running-program";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { makeProgram } from "../src/program.ts";
import { startTasksWorker, type TasksWorker, tasksModule } from "./tasks-worker.ts";
import { commandOf, compiled } from "./umbel.ts";

let tasks: TasksWorker;

beforeAll(async () => {
  tasks = await startTasksWorker({ flags: ["-E"] });
  await tasks.command("call tasks.add -a [2,2] --task-id mine");
  await tasks.command("result mine");
});

afterAll(async () => await tasks[Symbol.asyncDispose]());

/** What each command is called with. */
const ends: Readonly<Record<string, string>> = {
  call: "call tasks.add -a [2,2]",
  conf: "conf",
  control: "control enable_events",
  doctor: "doctor",
  events: "events --since 10m --limit 3",
  graph: "graph nightly -A packages/cli/test/modules/canvases.ts",
  inspect: "inspect registered",
  list: "list tasks",
  logs: "logs --since 10m",
  purge: "purge -Q nothing -f",
  replay: "replay --all --dry-run",
  report: "report",
  result: "result mine",
  schedule: "schedule list",
  shell: "shell",
  status: "status",
};

/** What goes on until it is ended: once it has written this. */
const stays: Readonly<Record<string, readonly [line: string, until: RegExp]>> = {
  beat: ["beat", /\n/],
  dev: [`dev ${tasksModule} --port 0 --gateway-port 0 --rest-port 0 --data :memory:`, /ready\./],
  gateway: ["gateway --port 0 --rest-port 0 --data :memory:", /ready|http.*\n[^]*http/],
  worker: ["worker --port 0", /\n/],
};

/** What a command writes as its answer, until it ends or has written what it is waited for. */
async function outputOf(line: string, until?: RegExp): Promise<string> {
  const [file, ...words] = commandOf(["--json", "-A", tasksModule, ...line.split(" ")]);
  const env = { ...process.env, NODE_ENV: "test", ...compiled, ...tasks.environment };
  const child = spawn(file, words, { cwd: repository, env });
  const closed = once(child, "close");
  let output = "";
  child.stdout.on("data", (part: Buffer) => void (output += String(part)));
  child.stdin.end('console.log("a line")\n"a value"\n');
  if (until !== undefined) {
    await poll(60, () => until.test(output));
    child.kill("SIGINT");
  }
  await closed;
  return output;
}

const visible = makeProgram()
  .createHelp()
  .visibleCommands(makeProgram())
  .map((command) => command.name());

describe("--json", () => {
  it.concurrent.each(visible)("has umbel %s answer in JSON alone, a value a line", async (name) => {
    const [line, until] = stays[name] ?? [ends[name] ?? name];

    const output = await outputOf(line, until);

    const lines = output.split("\n").filter((each) => each !== "");
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.filter((each) => !isJson(each))).toEqual([]);
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
