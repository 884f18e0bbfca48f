/**
 * Schedules: create, replace, read, pause, delete.
 *
 * @module
 */

import { randomBytes } from "node:crypto";

import { Hono } from "hono";

import type { ApiOptions } from "./api-options.ts";
import { checkCron } from "./cron.ts";
import { type Policy, readDraft } from "./draft.ts";
import { type Publication, readPublication } from "./publication.ts";
import { RequestError } from "./request-error.ts";
import type { ScheduleRequest } from "./schedule.ts";
import { scheduleView } from "./schedule-view.ts";
import { checkName } from "./submission.ts";

/** The routes of schedules. */
export function scheduleRoutes(options: ApiOptions): Hono {
  const { database, schedules, now, wake } = options;
  const app = new Hono();

  app.get("/v2/schedules", (context) => context.json(schedules.list().map(scheduleView)));

  app.get("/v2/schedules/:id", (context) => {
    const schedule = schedules.find(context.req.param("id"));
    if (schedule === undefined) throw noSchedule(context.req.param("id"));
    return context.json(scheduleView(schedule));
  });

  app.delete("/v2/schedules/:id", async (context) => {
    const id = context.req.param("id");
    if (!(await change(() => schedules.remove(id)))) throw noSchedule(id);
    return context.json({});
  });

  for (const [verb, isPaused] of [
    ["pause", true],
    ["resume", false],
  ] as const) {
    // The client says PATCH, the documentation POST.
    app.on(["PATCH", "POST"], `/v2/schedules/:id/${verb}`, async (context) => {
      const id = context.req.param("id");
      if (!(await change(() => schedules.pause(id, isPaused, now())))) throw noSchedule(id);
      return context.json({});
    });
  }

  app.post("/v2/schedules/*", async (context) => {
    const publication = await readPublication(context, "/v2/schedules/", options);
    const callerIp = options.callerIp(context);
    const schedule = readSchedule(publication, options.policy, now());
    await change(() => schedules.upsert({ ...schedule, ...(callerIp !== undefined && { callerIp }) }, now()));
    return context.json({ scheduleId: schedule.id });
  });

  function change<T>(work: () => T): Promise<T> {
    const changed = database.write(work);
    wake();
    return changed;
  }

  return app;
}

/** What would make each message after the first a repetition, or belongs to one instant, has no meaning in a schedule. */
const notOfSchedules = [
  "upstash-cron",
  "upstash-not-before",
  "upstash-deduplication-id",
  "upstash-content-based-deduplication",
];

function readSchedule({ destination, headers, body }: Publication, policy: Policy, now: number): ScheduleRequest {
  const cron = headers.get("upstash-cron");
  if (cron === null) throw new RequestError(400, "Upstash-Cron: a schedule needs one, as in */5 * * * *");
  const id = headers.get("upstash-schedule-id") ?? `scd_${randomBytes(18).toString("base64url")}`;
  const queue = headers.get("upstash-queue-name");
  const template = new Headers(headers);
  for (const name of notOfSchedules) template.delete(name);
  return {
    id: checkName(id, "schedule"),
    cron: checkCron(cron, now),
    draft: {
      ...readDraft(destination, template, policy),
      ...(queue !== null && { queue: checkName(queue, "queue") }),
      scheduleId: id,
    },
    body,
  };
}

function noSchedule(id: string): RequestError {
  return new RequestError(404, `There is no schedule "${id}": it was deleted, or never was`);
}
