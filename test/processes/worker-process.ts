/** A worker of the stage's tasks in a process of its own: `bun worker-process.ts`, with `UMBEL_STAGE`; says at which port. */

import { setTimeout as sleep } from "node:timers/promises";
import type { Hono } from "hono";
import { worker } from "umbel/worker";
import { declareSteps } from "../property/steps.ts";
import { openJournal } from "./journal.ts";
import { realDelays } from "./real-delays.ts";
import { stageApp, type StageSettings, stageTasks } from "./stage-app.ts";

/** Milliseconds that a step's body takes at least, so that a process can die in its midst. */
const bodyTime = 10;

const settings: StageSettings = JSON.parse(process.env["UMBEL_STAGE"] ?? "");
const app = stageApp(settings);
const journal = openJournal(settings.journalUrl);
stageTasks(app, journal);
declareSteps(app, {
  delays: realDelays,
  witness: {
    ...journal.witness,
    async begun(beginning) {
      const before = await journal.witness.begun(beginning);
      await journal.passTrap(process.pid);
      await sleep(bodyTime);
      return before;
    },
  },
});
const endpoint: Hono = worker(app, { publicUrl: settings.workerUrl });

/** What Bun serves. It cuts requests that are silent for ten seconds unless it is told not to. */
const server: {
  readonly port: number;
  readonly hostname: string;
  readonly idleTimeout: number;
  readonly fetch: Hono["fetch"];
} = {
  port: 0,
  hostname: "127.0.0.1",
  idleTimeout: 0,
  fetch: endpoint.fetch,
};

export default server;
