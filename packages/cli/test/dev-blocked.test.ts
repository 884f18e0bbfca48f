import { openGateway } from "@umbel/test/gateway";
import { commandOf as commandOfProcess, descendantsOf } from "@umbel/test/process-table";
import { poll, startProgram } from "@umbel/test/running-program";
import { describe, expect, it, onTestFinished } from "vitest";
import { anyPorts, devRuntimes, environmentIn, writtenModule } from "./dev-application.ts";
import { commandOf, umbel } from "./umbel.ts";

/** Each waits for seconds until the thread that looks is sure. */
const isQuick = process.env["UMBEL_TEST_LEVEL"] !== "full";

const head = `
import { Umbel } from "umbel";
import { qstash } from "umbel/qstash";
import { upstash } from "umbel/upstash";

export const app = new Umbel("orders", { broker: qstash(), backend: upstash() });
`;

const spinning = `${head}
app.task({ name: "orders.spin", timeLimit: "1s" }, () => { for (;;); });
`;

const mended = `${head}
app.task("orders.mail", () => "sent");
`;

/** `umbel dev`, whose worker runs a task that never awaits. */
async function blockedDev(runtime: "node" | "bun" | "deno") {
  const { module, write } = await writtenModule(spinning);
  const words = ["dev", module, "--data", ":memory:", ...anyPorts];
  const dev = startProgram(commandOf(words, runtime));
  await dev.until(/worker@orders ready\./);
  const environment = environmentIn(dev.output());
  await umbel(["-A", module, "call", "orders.spin"], { environment });
  await dev.until(/dev {5}\| orders\.spin blocks the worker: nothing else runs in it, and no time limit can end/);
  const workers = descendantsOf(dev.pid);
  const isGone = async () => await poll(60, () => workers.every((pid) => !commandOfProcess(pid).includes(module)));
  return { dev, module, write, workers, isGone };
}

const busy = `${head}
app.task("orders.count", () => { for (const end = Date.now() + 5000; Date.now() < end; ); return "counted"; });
`;

it.skipIf(isQuick)(
  "umbel worker names the task that keeps its event loop to itself, and says when that is over",
  async () => {
    const { module } = await writtenModule(busy);
    const gateway = await openGateway();
    onTestFinished(async () => await gateway.close());
    const worker = startProgram(commandOf(["-A", module, "worker", "--port", "0"]), gateway.variables);
    const [, url = ""] = await worker.until(/served at: +(\S+)\n[^]* ready\./);
    const environment = { ...gateway.variables, UMBEL_WORKER_URL: url };

    await umbel(["-A", module, "call", "orders.count"], { environment });

    await worker.until(
      /WARNING\] The event loop is blocked by orders\.count: nothing else runs here meanwhile, and no time/,
    );
    await worker.until(/INFO\] The event loop is free again, after [\d.]+ s\n/);
    await worker.until(/orders\.count\[.*\] succeeded/);
    expect(worker.output().match(/is blocked/g)).toHaveLength(1);
  },
);

describe.each(devRuntimes)("umbel dev with a worker that a task blocks, on %s", (runtime) => {
  it("kills it when the code changes, says which task it was, and goes on with the next one", async () => {
    const { dev, write, isGone } = await blockedDev(runtime);

    await write("app.ts", mended);

    await dev.until(/dev {5}\| a worker was killed with what ran in it: orders\.spin blocked it\n/);
    await dev.until(
      /worker {2}\| worker@orders serves 1 task at \S+; new: orders\.mail; gone: orders\.spin\n[^]* worker@orders ready\./,
    );
    expect(await isGone()).toBe(true);
    expect(dev.output().match(/\[tasks\]/g)).toHaveLength(1);
  });

  it.skipIf(isQuick)("kills it when it is told to stop", async () => {
    const { dev, isGone } = await blockedDev(runtime);

    dev.kill("SIGINT");

    await dev.endsWith(0);
    expect(dev.output()).toMatch(
      /dev {5}\| it stops: [^]*a worker was killed with what ran in it: orders\.spin blocked it/,
    );
    expect(await isGone()).toBe(true);
  });

  it.skipIf(isQuick)("leaves none behind when it is told to stop a second time", async () => {
    const { dev, isGone } = await blockedDev(runtime);
    dev.kill("SIGINT");
    await dev.until(/dev {5}\| it stops: /);

    const again = setInterval(() => dev.kill("SIGINT"), 100); // Soon after the first it is taken for its echo.

    await dev.endsWith(130).finally(() => clearInterval(again));
    expect(await isGone()).toBe(true);
  });

  it.skipIf(isQuick)("leaves none behind when it is killed itself", async () => {
    const { dev, workers, isGone } = await blockedDev(runtime);

    await dev.killed();

    expect(workers.length).toBeGreaterThan(0);
    expect(await isGone()).toBe(true);
  });
});
