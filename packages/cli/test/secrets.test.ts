import { launchProgram, type RunningProgram } from "@umbel/test/running-program";
import { openGateway } from "@umbel/test/gateway";
import { State } from "umbel/events";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { detailsOf } from "../src/live/task-details.ts";
import { type Answer, commandOf, umbel } from "./umbel.ts";

const application = ["-A", "packages/cli/test/modules/leaks.ts"];
const hidden = "postgres://admin:********@db.example/shop, Bearer ********";

let gateway: Awaited<ReturnType<typeof openGateway>>;
let environment: Readonly<Record<string, string>>;
let worker: RunningProgram;

async function command(line: string): Promise<Answer> {
  return await umbel([...application, ...line.split(" ")], { environment });
}

beforeAll(async () => {
  gateway = await openGateway();
  worker = launchProgram(commandOf([...application, "worker", "--port", "0", "-E"]), gateway.variables);
  const [, url = ""] = await worker.until(/served at: +(\S+)\n[^]* ready\./);
  environment = { ...gateway.variables, UMBEL_WORKER_URL: url };
  await Promise.all(["call leaks.fails --task-id one", "call leaks.returns --task-id two"].map(command));
  await worker.until(/one\] raised/);
  await worker.until(/two\] succeeded/);
});
afterAll(async () => {
  await worker.killed();
  await gateway.close();
});

describe.concurrent("a secret that can be known by its form", () => {
  it.each([
    ["logs", 0],
    ["logs --json", 0],
    ["events --dump --since 10m --timeout 1", 0],
    ["events --dump --since 10m --timeout 1 --json", 0],
    ["result one", 1],
    ["result one --json", 1],
    ["result one --debug", 1],
    ["result one --traceback", 0],
    ["result one --traceback --json", 0],
  ])("is hidden as in a worker's log: umbel %s", async (line, code) => {
    const answer = await command(line);

    expect(answer.code).toBe(code);
    expect(answer.stdout + answer.stderr).toContain(hidden);
    expect(answer.stdout + answer.stderr).not.toMatch(/s3cret|abcdefgh/);
  });

  it("is hidden in the live view", () => {
    const state = new State();
    const told = { uuid: "one", hostname: "worker@mine", timestamp: 1, clock: 1 };
    const exception = "ValueError('postgres://admin:s3cret@db.example/shop, Bearer abcdefghijklmnop')";

    state.event({ ...told, type: "task-failed", exception, traceback: `Traceback:\n${exception}` });

    const task = state.tasks.get("one");
    const lines = task === undefined ? [] : detailsOf(task);
    expect(lines.filter((line) => line.includes(hidden))).toHaveLength(2);
    expect(lines.join("\n")).not.toMatch(/s3cret|abcdefgh/);
  });

  it("is in what a task has returned: whoever asks for that gets it as it is", async () => {
    expect((await command("result two")).stdout).toMatch(/s3cret/);
  });
});
