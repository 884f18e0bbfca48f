/** Entries that are added over HTTP to a beat on a real gateway: its broker holds runs until their time, its store keeps entries. */

import type { ServedGateway } from "@umbel/gateway";
import { Umbel } from "umbel";
import { beat, schedules } from "umbel/beat";
import { qstash } from "umbel/qstash";
import { upstash } from "umbel/upstash";
import { worker } from "umbel/worker";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openGateway } from "../gateway.ts";
import { serve } from "../serve.ts";
import { until } from "../until.ts";

let gateway: ServedGateway;
beforeAll(async () => {
  gateway = await openGateway();
});
afterAll(async () => await gateway.close());

/** An application with its worker and its beat behind addresses. */
async function open(name: string) {
  const env: Record<string, string> = { ...gateway.variables };
  const app = new Umbel(name, { broker: qstash(), backend: upstash(), env, log: () => undefined });
  const ran: unknown[] = [];
  const note = app.task("shop.note", (what: string) => void ran.push(what));
  const site = beat(app, {}, { horizon: 10 });
  const served = [await serve(worker(app).fetch), await serve(site.fetch)];
  const [workers, beats] = served;
  env["UMBEL_WORKER_URL"] = workers?.url ?? "";
  return { app, ran, note, entries: schedules(app), ask, close };

  async function ask(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${beats?.url}${path}`, {
      method,
      headers: { authorization: "Bearer umbel-dev" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(await response.text());
    return await response.json();
  }

  async function close(): Promise<void> {
    for (const each of served) await each.stop();
  }
}

describe("an entry on a gateway", () => {
  it("is added over HTTP, runs on the second, is paused with what was sent ahead, and is triggered", async () => {
    const { ask, entries, ran, close } = await open("over-http");

    await ask("PUT", "/schedules/hello", { task: "shop.note", args: ["tick"], schedule: 1 });
    const ticked = await ask("POST", "/tick");
    await until(() => ran.length > 0);
    const paused = await ask("POST", "/schedules/hello/pause");
    const already = ran.length;
    await ask("PUT", "/schedules/once", { task: "shop.note", args: ["triggered"], schedule: "@yearly" });
    await ask("POST", "/schedules/once/trigger");
    await until(() => ran.includes("triggered"));

    expect(Object(ticked).sent.length).toBeGreaterThan(5);
    expect(paused).toMatchObject({ paused: true, kind: "dynamic" });
    // What begins within two seconds of a pause runs as it was.
    expect(ran.filter((each) => each === "tick").length - already).toBeLessThanOrEqual(3);
    expect((await entries.list()).map(({ name }) => name)).toEqual(["hello", "once"]);
    await close();
  });

  it("is known by another process of the application, and by no other application", async () => {
    const one = await open("shared");
    const two = await open("shared");
    const other = await open("other");

    await one.entries.upsert("added", { task: one.note, args: ["x"], schedule: "1h" });
    await two.entries.pause("added");

    expect(await one.entries.get("added")).toMatchObject({ paused: true, schedule: "every hour" });
    expect(await other.entries.list()).toEqual([]);
    for (const each of [one, two, other]) await each.close();
  });
});
