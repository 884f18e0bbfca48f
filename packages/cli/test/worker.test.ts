import { createServer, type Server } from "node:http";
import { openGateway } from "@umbel/test/gateway";
import { poll, startProgram } from "@umbel/test/running-program";
import { describe, expect, it, onTestFinished } from "vitest";
import { writtenModule } from "./dev-application.ts";
import { refusalOf } from "./refusal.ts";
import { startTasksWorker, tasksModule } from "./tasks-worker.ts";
import { hasTerminal, openScreen } from "./terminal-screen.ts";
import { commandOf, umbel } from "./umbel.ts";

function portOf(server: Server): number {
  const address = server.address();
  return address === null || typeof address === "string" ? 0 : address.port;
}

describe("umbel worker", () => {
  it("says at first what it is, as Celery's does", async () => {
    await using tasks = await startTasksWorker({ flags: ["-n", "one", "-Q", "fast,slow"] });
    const { worker, environment, command } = tasks;

    const { QSTASH_URL: broker = "", UPSTASH_REDIS_REST_URL: store = "", UMBEL_WORKER_URL: url } = environment;
    const banner = worker.output().replace(/^\[2.*\n/gm, "");
    const text = banner.replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/, "NOW");
    expect(text.replace(/^Linux.*, Node \d+\.\d+\.\d+/m, "PLATFORM").split("\n")).toEqual([
      "",
      "one@tasks v0.1.0",
      "PLATFORM  NOW",
      "",
      "[config]",
      ".> app:          tasks",
      `.> served at:    ${url}`,
      `.> transport:    qstash at ${new URL(broker).host}`,
      `.> results:      upstash-redis at ${new URL(store).host}`,
      ".> concurrency:  as many as the broker pushes at once",
      ".> task events:  OFF (enable -E to monitor tasks in this worker)",
      "",
      "[queues]",
      ".> fast",
      ".> slow",
      "",
      "[tasks]",
      "  . tasks.add",
      "  . tasks.alone",
      "  . tasks.boom",
      "  . tasks.refuses",
      "  . tasks.slow",
      "",
      "",
    ]);
    expect(worker.output()).toContain("INFO] one@tasks ready.\n");
    expect(worker.output()).toContain(
      "WARNING] -Q leaves out default, and what is sent there comes here: it waits until UMBEL_QUEUES names another worker\n",
    );
    const { stdout } = await command("inspect active_queues --json");
    expect(
      Object.values<readonly { readonly name: string }[]>(JSON.parse(stdout))
        .flat()
        .map(({ name }) => name),
    ).toEqual(["fast", "slow"]);
    await command("call tasks.add -a [1,2]");
    await worker.until(/Nothing of the queue "default" is begun by one@tasks: it serves other queues\./);
  });

  it.each(["node", "bun", "deno"] as const)("finishes what runs when it is told to stop, on %s", async (runtime) => {
    await using tasks = await startTasksWorker({ runtime });
    const { worker, command } = tasks;
    const { stdout } = await command("call tasks.slow -a [3]");
    await worker.until(/tasks\.slow\[.*\]: begins/);

    worker.kill("SIGTERM");
    await worker.until(/Warm shutdown/);

    await worker.endsWith(0);
    expect(worker.output()).toMatch(
      /Warm shutdown.*worker: It waits for tasks\.slow\[\S+\]\.\n.*tasks\.slow\[.*\] succeeded in .*worker: Stopped\.\n$/s,
    );
    expect(await command(`result ${stdout.trim()}`)).toEqual({ code: 0, stdout: "after 3 s\n", stderr: "" });
  });

  it("warns when UMBEL_WORKER_URL names another port of this machine, and not where a proxy may be", async () => {
    const gateway = await openGateway();
    onTestFinished(async () => await gateway.close());
    const said = await Promise.all(
      ["http://localhost:9", "https://shop.example"].map(async (url) => {
        const words = commandOf(["-A", tasksModule, "worker", "--port", "0"]);
        const worker = startProgram(words, { ...gateway.variables, UMBEL_WORKER_URL: url });
        await worker.until(/worker@tasks ready\./);
        return /It is served at .*/.exec(worker.output())?.[0];
      }),
    );

    expect(said).toEqual([
      expect.stringMatching(
        /^It is served at http:\/\/127\.0\.0\.1:\d+, and UMBEL_WORKER_URL says http:\/\/localhost:9: what is sent by that goes elsewhere$/,
      ),
      undefined,
    ]);
  });

  it("stays online while it has nothing to do, by a sign in each interval", async () => {
    await using tasks = await startTasksWorker({ flags: ["--heartbeat-interval", "1"] });
    const { command } = tasks;

    let told: readonly string[] = [];
    await poll(30, async () => {
      const { stdout } = await command("events --json --since 10m --timeout 1");
      told = stdout.match(/"type":"worker-\w+"/g) ?? [];
      return told.length > 3;
    });

    expect(told.length).toBeGreaterThan(3);
    expect(new Set(told.slice(1))).toEqual(new Set(['"type":"worker-heartbeat"']));
    expect((await command("status")).stdout).toContain("1 node online.");
  });

  it("is online before it has got anything to do, and no more when it has stopped", async () => {
    await using tasks = await startTasksWorker();
    const { worker, command } = tasks;
    const online = await command("status");

    worker.kill("SIGTERM");
    await worker.endsWith(0);

    expect(online).toEqual({ code: 0, stdout: "->  worker@tasks: OK\n\n1 node online.\n", stderr: "" });
    expect(await command("status")).toMatchObject({ code: 1, stdout: "" });
  });

  it("leaves its name to the worker that has taken its place", async () => {
    await using tasks = await startTasksWorker();
    const { worker, environment, command } = tasks;
    await command("call tasks.slow -a [2]");
    await worker.until(/tasks\.slow\[.*\]: begins/);
    worker.kill("SIGTERM");
    await worker.until(/Warm shutdown/);
    const { port } = new URL(environment["UMBEL_WORKER_URL"] ?? "");

    const next = startProgram(commandOf(["-A", tasksModule, "worker", "--port", port]), environment);
    await next.until(/worker@tasks ready\./);
    await worker.endsWith(0);

    expect(worker.output()).toMatch(/succeeded in .*worker: Stopped\.\n$/s);
    expect((await command("status")).stdout).toContain("1 node online.");
  });

  it("does not wait for a store that does not answer, and says what of it nobody was told", async () => {
    const silent = createServer(() => undefined);
    onTestFinished(() => silent.closeAllConnections());
    onTestFinished(() => void silent.close());
    await new Promise<void>((resolve) => void silent.listen(0, "127.0.0.1", resolve));
    const gateway = await openGateway();
    onTestFinished(async () => await gateway.close());
    const store = { UPSTASH_REDIS_REST_URL: `http://127.0.0.1:${portOf(silent)}` };
    const worker = startProgram(commandOf(["-A", tasksModule, "worker", "-B", "--port", "0"]), {
      ...gateway.variables,
      ...store,
    });
    await worker.until(/worker@tasks ready\.\n/);

    worker.kill("SIGTERM");
    await worker.endsWith(0);

    expect(worker.output()).toContain("beat: A tick is left in the middle, for nothing has answered it in 3 s");
    expect(worker.output()).toContain(
      "Nobody was told that it stops, and it counts as online for a minute more: the store",
    );
    expect(worker.output()).toMatch(/worker: Stopped\.\n$/);
  });

  it("ends at once when it is told to stop a second time", async () => {
    await using tasks = await startTasksWorker();
    const { worker, command } = tasks;
    await command("call tasks.slow -a [60]");
    await worker.until(/tasks\.slow\[.*\]: begins/);
    worker.kill("SIGINT");
    await worker.until(/Warm shutdown/);

    const again = setInterval(() => worker.kill("SIGINT"), 100); // Soon after the first it is taken for its echo.
    onTestFinished(() => clearInterval(again));

    await worker.endsWith(130);
    expect(worker.output()).not.toContain("worker: Stopped.");
  });
});

describe.skipIf(!hasTerminal)("umbel worker, in a terminal", () => {
  it("stops on Ctrl-C", async () => {
    const gateway = await openGateway();
    onTestFinished(async () => await gateway.close());
    await using screen = await openScreen(gateway.variables);
    screen.type(`umbel -A ${tasksModule} worker --port 0`);
    await screen.until(/worker@tasks ready\./);

    screen.press("C-c");

    await screen.until(/worker: Stopped\.\n\$/);
    expect(screen.text()).toMatch(/^worker@tasks v0\.1\.0$/m);
  });
});

describe("umbel worker, called", () => {
  it.each([
    ["-c 4", "-c: how many tasks run at once is the broker's to say: umbel gateway --concurrency 8, or "],
    ["-P gevent", "-P: a worker has no processes of its own: tasks run in this one"],
    ["--port http", '--port takes a port from 0 (any) to 65535, not "http"'],
    ["-Q a,,b", '-Q takes names with commas between, not "a,,b"'],
  ])("with %j is refused", async (line, sentence) => {
    expect(await refusalOf(["-A", tasksModule, "worker", ...line.split(" ")])).toContain(`UsageError: ${sentence}`);
  });

  it("of an application without a broker says in a line what it lacks, with 1, and serves nothing", async () => {
    const { module } = await writtenModule('import { Umbel } from "umbel";\nexport const app = new Umbel("bare");\n');

    const { code, stdout, stderr } = await umbel(["-A", module, "worker", "--port", "0"]);

    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toBe(
      'umbel: The application "bare" has no broker: new Umbel("bare", { broker: qstash() }), with qstash of "umbel/qstash"\n',
    );
  });

  it("where it cannot listen tells so in a line, with 1", async () => {
    const { code, stderr } = await umbel(["-A", tasksModule, "worker", "--host", "203.0.113.1"]);

    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/^umbel: nothing can listen at 203\.0\.113\.1:8787: .*\n$/),
    ]);
  });
});
