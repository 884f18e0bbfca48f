/** Beat on Deno: `deno run -A src/deno.ts`, and on Deno Deploy, whose cron ticks it each minute; elsewhere its own loop does. */

import { assertReady } from "@umbel/app-worker/assert-ready";
import { runBeat } from "umbel/beat";
import { endWith } from "./end-with.ts";
import { schedule } from "./schedule.ts";

/** The part of Deno that is used here; cron is there on Deploy, or with `--unstable-cron`. */
declare const Deno: {
  serve(
    options: { port: number; hostname: string },
    handler: (request: Request) => Response | Promise<Response>,
  ): unknown;
  cron?(name: string, schedule: string, handler: () => unknown): unknown;
};

const { PORT = "8788", HOST = "127.0.0.1" } = process.env;

await assertReady(schedule.fetch);

if (Deno.cron === undefined) void runBeat(schedule).catch(endWith);
else Deno.cron("beat", "* * * * *", async () => await schedule.scheduled());
Deno.serve({ port: Number(PORT), hostname: HOST }, schedule.fetch);
