import { launchProgram } from "@umbel/test/running-program";
import { openGateway } from "@umbel/test/gateway";
import { describe, expect, it, onTestFinished } from "vitest";
import { startTasksWorker, tasksModule } from "./tasks-worker.ts";
import { commandOf, umbel } from "./umbel.ts";

/** A worker with these flags, until the test ends. */
async function startWorker(module: string, ...flags: readonly string[]) {
  const gateway = await openGateway();
  const worker = launchProgram(commandOf(["-A", module, "worker", "--port", "0", ...flags]), gateway.variables);
  onTestFinished(async () => {
    await worker.killed();
    await gateway.close();
  });
  const [, url = ""] = await worker.until(/served at: +(\S+)\n/);
  return { worker, environment: { ...gateway.variables, UMBEL_WORKER_URL: url } };
}

describe("umbel worker", () => {
  it("with -l warning logs what fails, and nothing of what goes well", async () => {
    const { worker, environment } = await startWorker(tasksModule, "-l", "warning");
    const call = async (line: string) => await umbel(["-A", tasksModule, "call", ...line.split(" ")], { environment });

    await call("tasks.add -a [1,1] --task-id good");
    await umbel(["-A", tasksModule, "result", "good"], { environment });
    await call("tasks.boom --task-id bad");
    await worker.until(/ERROR\] .*bad/);

    expect(worker.output()).not.toMatch(/(?:DEBUG|INFO)\]|good/);
  });

  it("with -B sends what is due as well, and says so", async () => {
    const { worker } = await startWorker("packages/cli/test/modules/clock.ts", "-B");

    await worker.until(/^\.> beat: +ON$/m);
    const [strike] = await worker.until(/Task clock\.strike\[.*\] succeeded in/);
    expect(strike).not.toBe("");
  });
});

describe.runIf(process.env["UMBEL_TEST_LEVEL"] === "full")("-b and --result-backend", () => {
  it("are taken by each command that asks a broker or a store, before its name and behind it", async () => {
    await using tasks = await startTasksWorker({ flags: ["-E"] });
    const { QSTASH_URL: broker = "", UPSTASH_REDIS_REST_URL: store = "" } = tasks.environment;
    const environment = {
      ...tasks.environment,
      QSTASH_URL: "http://127.0.0.1:9",
      UPSTASH_REDIS_REST_URL: "http://127.0.0.1:9",
    };
    const flags = ["-b", broker, "--result-backend", store];
    const run = async (line: string) => await umbel(["-A", tasksModule, ...line.split(" "), ...flags], { environment });
    const lines = [
      "status",
      "inspect ping",
      "control ping",
      "logs --since 10m",
      "events --since 10m --timeout 1",
      "purge -Q none -f",
      "replay --all --dry-run",
      "schedule list",
      "report",
      "doctor",
    ];

    const called = await run("call tasks.add -a [2,2] --task-id mine");
    const result = await umbel([...flags, "-A", tasksModule, "result", "mine"], { environment });
    const answers = await Promise.all(lines.map(run));
    const without = await umbel(["-A", tasksModule, "status"], { environment });

    expect([called.code, result.stdout, without.code]).toEqual([0, "4\n", 1]);
    expect(answers.map(({ code }, nth) => [lines[nth], code])).toEqual(lines.map((line) => [line, 0]));
  });
});
