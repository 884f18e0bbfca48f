import { childId } from "@umbel/core";
import { openDoorway } from "@umbel/test/doorway";
import { startEndpoint } from "@umbel/test/endpoint";
import { openGateway } from "@umbel/test/gateway";
import { poll, type RunningProgram, startProgram } from "@umbel/test/running-program";
import { describe, expect, it, onTestFinished } from "vitest";
import { commandOf, umbel } from "./umbel.ts";

const modules = "packages/cli/test/modules";

/** A gateway, and a worker's endpoint that takes whatever comes. */
async function installation() {
  const gateway = await openGateway();
  const endpoint = await startEndpoint();
  onTestFinished(async () => {
    await gateway.close();
    await endpoint.stop();
  });
  const environment: Readonly<Record<string, string>> = { ...gateway.variables, UMBEL_WORKER_URL: endpoint.url };
  /** What was pushed: ids and tasks. */
  const pushed = () => endpoint.pushes.map(({ body }) => runIn(body));
  return { environment, pushed };
}

function runIn(body: string): { readonly id: string; readonly task: string } {
  const { headers }: { headers: { id: string; task: string } } = JSON.parse(body);
  return { id: headers.id, task: headers.task };
}

/** The slots of an entry that runs each second, in whole seconds since 1970, by the ids of their runs. */
function slotsSince(second: number, { app, entry }: { readonly app: string; readonly entry: string }) {
  const slots = Array.from({ length: Math.ceil(Date.now() / 1000) + 60 - second }, (_, nth) => second + nth);
  return new Map(slots.map((slot) => [childId(app, `beat\n${entry}\n${slot * 1000}`), slot]));
}

function hostOf(url = ""): string {
  return new URL(url).host;
}

function startLoop(module: string, environment: Readonly<Record<string, string>>, ...flags: string[]): RunningProgram {
  return startProgram(commandOf(["-A", `${modules}/${module}`, "beat", ...flags]), environment);
}

describe("umbel beat", () => {
  it.each(["node", "bun", "deno"] as const)("sends what is due until it is told to stop, on %s", async (runtime) => {
    const { environment, pushed } = await installation();
    const loop = startProgram(commandOf(["-A", `${modules}/clock.ts`, "beat", "-l", "info"], runtime), environment);

    await loop.until(/INFO\] Scheduler: Sending due task noon \(clock\.strike\)/);
    await poll(60, () => pushed().length > 0);
    loop.kill("SIGTERM");

    await loop.endsWith(0);
    expect(pushed()[0]).toMatchObject({ task: "clock.strike" });
    expect(loop.output()).toMatch(/INFO\] beat: Starting\.\.\.\n.*INFO\] beat: Shutting down\.\.\.\n$/s);
  });

  it("says at first what it is, as Celery's does", async () => {
    const { environment } = await installation();
    const loop = startLoop("clock.ts", environment, "-l", "WARN", "--max-interval", "90");

    const [banner] = await loop.until(/^umbel beat .*?maxinterval.*?\n/s);

    expect(banner.replace(/LocalTime -> [\d -:]{19}\n/, "LocalTime -> NOW\n").split("\n")).toEqual([
      "umbel beat v0.1.0 is starting.",
      "LocalTime -> NOW",
      "Configuration ->",
      "    . application -> clock",
      `    . broker -> qstash at ${hostOf(environment["QSTASH_URL"])}`,
      `    . store -> upstash-redis at ${hostOf(environment["UPSTASH_REDIS_REST_URL"])}`,
      "    . entries -> 1 of beatSchedule and addPeriodicTask are sent; packages/cli/test/modules/clock.ts exports no beat(app, {...}): one that it makes sends nothing until it is exported",
      "    . logfile -> [stderr]@%WARNING",
      "    . maxinterval -> at most 1.50 minutes (90s)",
      "",
    ]);
  });

  it("runs each slot once: two loops at once are killed with -9, and a third one goes on", async () => {
    const { environment, pushed } = await installation();
    const begin = Math.floor(Date.now() / 1000);
    const first = startLoop("served.ts", environment);
    const second = startLoop("served.ts", environment);
    await Promise.all([first, second].map(async (loop) => await loop.until(/beat: Starting/)));
    await poll(60, () => pushed().length >= 2);
    await first.killed();
    await second.killed();
    const third = startLoop("served.ts", environment);
    const before = pushed().length;
    await poll(60, () => pushed().length >= before + 8);
    third.kill("SIGINT");
    await third.endsWith(0);

    const slotOf = slotsSince(begin, { app: "served", entry: "pulse" });
    const slots = () => pushed().map(({ id }) => slotOf.get(id) ?? Number.NaN);
    const inOrder = () => slots().toSorted((one, other) => one - other);
    const [start = Number.NaN] = inOrder();
    // What was sent at once is pushed side by side: the last before another may still be on its way.
    await poll(60, () => inOrder().every((slot, nth) => slot === start + nth));
    expect(inOrder()).toEqual(inOrder().map((_, nth) => start + nth));
    expect(start).toBeGreaterThan(0);
  });

  it("outlives a store and a broker that are away, and says so", async () => {
    const { environment, pushed } = await installation();
    const store = await openDoorway();
    onTestFinished(async () => await store.close());
    const loop = startLoop("clock.ts", { ...environment, UPSTASH_REDIS_REST_URL: store.url });

    await loop.until(/ERROR\] beat: the tick failed: upstash-redis: .*\. Trying again in [\d.]+ seconds\.\.\./);
    store.leadTo(Number(new URL(environment["UPSTASH_REDIS_REST_URL"] ?? "").port));

    await loop.until(/Scheduler: Sending due task noon/);
    await poll(60, () => pushed().length > 0);
    expect(pushed()[0]).toMatchObject({ task: "clock.strike" });
  });

  it("ends at once where no tick can ever do anything", async () => {
    const module = `${modules}/several.ts:shop`;

    const { code, stderr } = await umbel(["-A", module, "beat", "-l", "error"]);

    expect(code).toBe(1);
    expect(stderr).toBe(
      'umbel: beat needs a backend, and the application "shop" has none: new Umbel("shop", { backend: upstash() })\n',
    );
  });

  it("ends at once in production where a setting is missing, and names all that are", async () => {
    const environment = { NODE_ENV: "production", QSTASH_URL: "http://127.0.0.1:1" };

    const { code, stdout, stderr } = await umbel(["-A", `${modules}/clock.ts`, "beat"], { environment });

    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toBe(
      "umbel: beat cannot start. Not set: QSTASH_TOKEN, UMBEL_WORKER_URL, UPSTASH_REDIS_REST_URL, UPSTASH_REDIS_REST_TOKEN\n",
    );
  });

  it("says that a module exports no schedule, where it has none to send", async () => {
    const { environment } = await installation();
    const loop = startLoop("unexported.ts", environment);

    const [, entries] = await loop.until(/entries -> (.+)\n/);

    expect(entries).toBe(
      `none in code; ${modules}/unexported.ts exports no beat(app, {...}): one that it makes sends nothing until it is exported`,
    );
  });

  it("takes an interval that is none for a slip", async () => {
    const { code, stderr } = await umbel(["-A", `${modules}/clock.ts`, "beat", "--max-interval", "0"]);

    expect([code, stderr]).toEqual([2, 'umbel: --max-interval takes seconds above 0, not "0"\n']);
  });
});
