import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { poll, type RunningProgram, startProgram } from "@umbel/test/running-program";
import { describe, expect, it, onTestFinished } from "vitest";
import { tasksModule } from "./tasks-worker.ts";
import { type Answer, commandOf, umbel } from "./umbel.ts";

/** A gateway on its file, which can be killed and started again, and two workers: one of the queue `slow`, one of all others. */
async function startShop() {
  const folder = await mkdtemp(join(tmpdir(), "umbel-cli-"));
  onTestFinished(async () => await rm(folder, { recursive: true, force: true }));
  const gateway = await startGateway(folder, ["--port", "0", "--rest-port", "0"]);
  const lines = [...gateway.output().matchAll(/^ {2}([A-Z_]+)=(\S+)$/gm)];
  const variables = Object.fromEntries(lines.map(([, name = "", value = ""]) => [name, value]));
  const [one, two] = await Promise.all([startWorker("one", "0", variables), startWorker("two", "0", variables)]);
  const environment = {
    ...variables,
    UMBEL_WORKER_URL: one.url,
    UMBEL_QUEUES: JSON.stringify({ slow: two.url }),
  };
  return {
    run: async (line: string): Promise<Answer> => await umbel(["-A", tasksModule, ...line.split(" ")], { environment }),
    /** Kills the gateway and the first worker without a word, and starts both again where they were. */
    restart: async () => {
      await Promise.all([gateway.killed(), one.worker.killed()]);
      const { QSTASH_URL: broker, UPSTASH_REDIS_REST_URL: store } = variables;
      await startGateway(folder, ["--port", portOf(broker), "--rest-port", portOf(store)]);
      await startWorker("one", portOf(one.url), variables);
    },
  };
}

async function startGateway(folder: string, ports: readonly string[]): Promise<RunningProgram> {
  const gateway = startProgram(commandOf(["gateway", "--data", folder, ...ports]));
  await gateway.until(/UPSTASH_REDIS_REST_TOKEN=.*\n/);
  return gateway;
}

async function startWorker(name: string, port: string, variables: Readonly<Record<string, string>>) {
  const worker = startProgram(commandOf(["-A", tasksModule, "worker", "-n", name, "--port", port]), variables);
  const [, url = ""] = await worker.until(/served at: +(\S+)\n[^]* ready\./);
  return { worker, url };
}

function portOf(url = ""): string {
  return new URL(url).port;
}

describe.runIf(process.env["UMBEL_TEST_LEVEL"] === "full")("what an operator has changed", () => {
  it("holds for every worker, and after the gateway and a worker were killed", async () => {
    const { run, restart } = await startShop();
    const changes = await Promise.all(
      ["time_limit tasks.slow 1 60", "rate_limit tasks.alone 1/h", "cancel_consumer later"].map(
        async (line) => await run(`control ${line}`),
      ),
    );
    expect(changes.map(({ code }) => code)).toEqual([0, 0, 0]);

    await restart();

    expect((await run("status")).stdout).toContain("Paused queues: later\n");
    await Promise.all([
      run("call tasks.add -a [1,1] --queue later --task-id paused"),
      run("call tasks.slow -a [600] --task-id on-two"),
      run("call tasks.slow -a [600] --queue default --task-id on-one"),
      ...[1, 2, 3].map(async (nth) => await run(`call tasks.alone -a [0] --task-id alone-${nth}`)),
    ]);
    const ends = await Promise.all(["on-one", "on-two"].map(async (id) => await run(`result ${id} --timeout 20`)));
    expect(ends.map(({ stdout, stderr }) => stdout + stderr)).toEqual([
      expect.stringContaining("SoftTimeLimitExceeded"),
      expect.stringContaining("SoftTimeLimitExceeded"),
    ]);

    const waiting = await poll(60, async () => {
      const { stdout } = await run("inspect query_task paused alone-1 alone-2 alone-3 --json");
      const states = Object.values<Readonly<Record<string, readonly [string]>>>(JSON.parse(stdout)).flatMap((each) =>
        Object.entries(each).map(([id, [state]]) => [id, state] as const),
      );
      const ready = states.filter(([, state]) => state === "ready").map(([id]) => id);
      return ready.length > 0 ? { all: states.map(([id]) => id).toSorted(), ready } : false;
    });
    expect(waiting).toMatchObject({
      all: ["alone-1", "alone-2", "alone-3", "paused"],
      ready: [expect.stringMatching(/^alone/)],
    });

    await run("control add_consumer later");
    expect((await run("status")).stdout).not.toContain("Paused");
  });
});
