/** The beat app on each platform, by the entry that a deployment has, with a real gateway: who ticks it there, and what is kept of it. */

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Umbel } from "umbel";
import { type ScheduleEntry, type Schedules, schedules } from "umbel/beat";
import { qstashDesk } from "@umbel/qstash";
import { qstash } from "umbel/qstash";
import { upstash } from "umbel/upstash";
import { describe, expect, it, onTestFinished } from "vitest";
import { openGateway } from "../gateway.ts";
import { launchProgram, poll, runtimes } from "../running-program.ts";
import { serveOnEdge } from "./edge-app.ts";
import { launchScheduled } from "./scheduled-event.ts";
import { launchApp } from "./served-app.ts";

const isFull = process.env["UMBEL_TEST_LEVEL"] === "full";

interface Installation {
  readonly environment: Readonly<Record<string, string>>;
  readonly entries: Schedules;
  /** Names of the tasks whose messages wait. */
  readonly waiting: () => Promise<readonly string[]>;
}

/** A gateway; the variables of an application that uses it, and the entries that the demo has there. */
async function installation(): Promise<Installation> {
  const gateway = await openGateway();
  onTestFinished(async () => await gateway.close());
  const environment: Installation["environment"] = { ...gateway.variables, UMBEL_WORKER_URL: "http://127.0.0.1:9" };
  const app = new Umbel("demo", { broker: qstash(), backend: upstash(), env: environment });
  const desk = qstashDesk(qstash()((name) => environment[name]));
  const waiting = async () => {
    const { messages } = await desk.accepted({ limit: 100 });
    return messages.map(({ body }) => String(JSON.parse(body).headers.task));
  };
  return { environment, entries: schedules(app), waiting };
}

/** The heartbeat, once the first of its runs has come. */
async function begunHeartbeat(entries: Schedules, seconds = 100): Promise<ScheduleEntry | false> {
  return await poll(seconds, async () => {
    const heartbeat = await entries.get("heartbeat");
    return heartbeat !== undefined && heartbeat.count > 0 ? heartbeat : false;
  });
}

/** What is kept after a tick: the heartbeat sent ahead, the morning in its zone. */
const kept = [
  { name: "heartbeat", kind: "code", schedule: "every 30 seconds", timezone: "UTC" },
  { name: "morning", kind: "code", timezone: "Europe/Oslo", nextRun: expect.any(Date) },
];

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "umbel-beat-"));
  onTestFinished(async () => await rm(folder, { recursive: true, force: true }));
  return folder;
}

describe("the beat app", () => {
  it.each(["bun", "node", "deno"] as const)("ticks itself on %s, and others may tick it", async (runtime) => {
    const { environment, entries } = await installation();
    const { program, port } = await launchApp(runtime, { app: "beat", environment, folder: "" });
    onTestFinished(() => program.kill("SIGKILL"));

    expect(await begunHeartbeat(entries)).toMatchObject({ count: expect.any(Number) });

    const headers = { authorization: "Bearer umbel-dev" };
    const tick = await fetch(`http://127.0.0.1:${port}/tick`, { method: "POST", headers });
    expect([tick.status, await tick.json()]).toEqual([200, expect.objectContaining({ failed: [] })]);
    expect(await entries.list()).toMatchObject(kept);
  });

  it("is ticked by the cron trigger on Cloudflare's runtime", async () => {
    const { environment, entries, waiting } = await installation();
    const worker = await launchScheduled(environment, await temporaryFolder());
    onTestFinished(() => worker.program.kill("SIGKILL"));

    expect(await worker.trigger()).toBe("ok");

    expect(await entries.list()).toMatchObject(kept);
    expect(await waiting()).toContain("demo.heartbeat");
  });

  it.runIf(isFull)("says to Cloudflare that a tick has failed", async () => {
    const { environment } = await installation();
    const gone = { ...environment, UPSTASH_REDIS_REST_URL: "http://127.0.0.1:9" };
    const worker = await launchScheduled(gone, await temporaryFolder());
    onTestFinished(() => worker.program.kill("SIGKILL"));

    expect(await worker.trigger()).toBe("exception");
  });

  it("is ticked by the cron route on Vercel Edge, by whoever has the cron's secret", async () => {
    const { environment, entries, waiting } = await installation();
    const beat = await serveOnEdge("beat", () => ({ ...environment, UMBEL_BEAT_TOKEN: "secret" }), "tick");
    onTestFinished(async () => await beat.stop());
    const tickWith = async (secret: string) =>
      await fetch(`${beat.url}/api/tick`, { headers: { authorization: `Bearer ${secret}` } });

    expect((await tickWith("guess")).status).toBe(401);
    expect((await tickWith("secret")).status).toBe(200);

    expect(await entries.list()).toMatchObject(kept);
    expect(await waiting()).toContain("demo.heartbeat");
  });

  it.runIf(isFull)("is ticked by Deno.cron where there is one, at the full minute", async () => {
    const { environment, entries } = await installation();
    const [deno, run, ...flags] = runtimes.deno;
    const command = [deno, run ?? "run", "--unstable-cron", ...flags, "apps/beat/src/deno.ts"] as const;
    const program = launchProgram(command, { ...environment, HOST: "127.0.0.1", PORT: "0" });
    onTestFinished(() => program.kill("SIGKILL"));

    expect(await begunHeartbeat(entries, 180)).toMatchObject({ count: expect.any(Number) });
    expect(program.output()).not.toContain("beat: Starting...");
  });
});
