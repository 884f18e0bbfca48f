/** A worker of the stage's tasks in a process of its own: `bun worker-process.ts PORT`, with `UMBEL_STAGE`. */

import type { Hono } from "hono";
import { worker } from "umbel/worker";
import { openJournal } from "./journal.ts";
import { stageApp, type StageSettings, stageTasks } from "./stage-app.ts";

const settings: StageSettings = JSON.parse(process.env["UMBEL_STAGE"] ?? "");
const app = stageApp(settings);
stageTasks(app, openJournal(settings.journalUrl));
const endpoint: Hono = worker(app, { publicUrl: settings.workerUrl });

/** What Bun serves. It cuts requests that are silent for ten seconds unless it is told not to. */
const server: {
  readonly port: number;
  readonly hostname: string;
  readonly idleTimeout: number;
  readonly fetch: Hono["fetch"];
} = {
  port: Number(process.argv[2]),
  hostname: "127.0.0.1",
  idleTimeout: 0,
  fetch: endpoint.fetch,
};

export default server;
