/** Places and times before the gateway, with the official clients: no backend, legs of what is due late, revoked calls that wait. */

import { chain, chord, TaskRevokedError, Umbel } from "umbel";
import { memoryBackend } from "umbel/memory";
import { qstash } from "umbel/qstash";
import { upstash } from "umbel/upstash";
import { worker } from "umbel/worker";
import { expect, it } from "vitest";
import { openGateway } from "../gateway.ts";
import { serve } from "../serve.ts";
import { until } from "../until.ts";

it("without a backend tasks run and retry, and what follows them is sent, also what follows a failure", async () => {
  const gateway = await openGateway();
  const env: Record<string, string> = { ...gateway.variables };
  const app = new Umbel("tasks", { broker: qstash(), env, log: () => undefined });
  const ran: unknown[] = [];
  const add = app.task("tasks.add", (x: number, y: number) => x + y);
  const again = app.task(
    { name: "tasks.again", bind: true, maxRetries: 1, defaultRetryDelay: 1 },
    (task, x: number) => {
      ran.push(["again", task.request.retries]);
      if (task.request.retries === 0) task.retry();
      throw new RangeError(`${x} is too far`);
    },
  );
  const tell = app.task("tasks.tell", ({ excMessage }: { excMessage: string }) => void ran.push(excMessage));
  const served = await serve(async (request) => await worker(app).fetch(request));
  env["UMBEL_WORKER_URL"] = served.url;

  await chain(add.s(1, 2), again.s().linkError(tell.s())).delay();
  await expect.poll(() => ran.length, { timeout: 60_000 }).toBe(3);

  expect(ran).toEqual([["again", 0], ["again", 1], "3 is too far"]);
  await served.stop();
  await gateway.close();
});

it("what is due later than the broker holds anything comes when it is due", async () => {
  const gateway = await openGateway();
  const env: Record<string, string> = { ...gateway.variables };
  const broker = qstash({ maxDelay: 2 });
  const app = new Umbel("tasks", { broker, backend: memoryBackend(), env, log: () => undefined });
  const note = app.task("tasks.note", () => Date.now());
  const pushes: number[] = [];
  const served = await serve(async (request) => {
    pushes.push(Date.now());
    return await worker(app).fetch(request);
  });
  env["UMBEL_WORKER_URL"] = served.url;
  const due = Date.now() + 3000;

  const result = await note.applyAsync([], { eta: new Date(due) });

  expect(await result.get({ timeout: 60 })).toBeGreaterThanOrEqual(due);
  // A machine that is busy for a second delivers what is held for two seconds when it is due.
  expect(pushes.filter((at) => at >= due).length).toBeGreaterThan(0);
  expect(pushes.length).toBeGreaterThan(Number((pushes[0] ?? 0) < due));
  await served.stop();
  await gateway.close();
});

it("a revoked chord fails now whose member was to run in an hour, and a chain is revoked whose step was", async () => {
  const gateway = await openGateway();
  const env: Record<string, string> = { ...gateway.variables };
  const app = new Umbel("tasks", { broker: qstash(), backend: upstash(), env, log: () => undefined });
  const ran: string[] = [];
  const note = app.task("tasks.note", (text: string) => {
    ran.push(text);
    return text;
  });
  const tell = app.task("tasks.tell", ({ excMessage }: { excMessage: string }) => void ran.push(excMessage));
  const count = app.task("tasks.count", (texts: string[]) => texts.length);
  const served = await serve(async (request) => await worker(app).fetch(request));
  env["UMBEL_WORKER_URL"] = served.url;
  const late = note.si("late").set({ countdown: 3600, linkError: tell.s() });
  const failing = await chord([note.si("one"), late], count.s()).delay();
  const revoked = await chain(note.si("two"), late, note.si("three")).delay();
  await until(() => ran.length === 2);

  await app.revoke([failing.parent?.results?.[1]?.id ?? "", revoked.parent?.id ?? ""]);

  await expect(failing.get({ timeout: 60 })).rejects.toMatchObject({ code: "CHORD_FAILED" });
  await expect(revoked.get({ timeout: 60 })).rejects.toThrow(new TaskRevokedError("revoked"));
  await until(() => ran.length === 4);
  expect(new Set(ran)).toEqual(new Set(["one", "two", "revoked"]));
  await served.stop();
  await gateway.close();
});
