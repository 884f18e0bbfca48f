/** Tokens change while an application runs: what is lost between the two, and that nothing else is. */

import { encodePush } from "@umbel/protocol";
import { Umbel } from "umbel";
import { beat } from "umbel/beat";
import { qstash } from "umbel/qstash";
import { upstash } from "umbel/upstash";
import { worker } from "umbel/worker";
import { expect, it, onTestFinished } from "vitest";
import { world } from "../flow/world.ts";
import { openGateway } from "../gateway.ts";
import { origin, pushTo, signedWith } from "./signed-push.ts";

/** A gateway that has its new tokens already, and an application that is configured again with what it is given. */
async function rotated() {
  const tokens = { QSTASH_TOKEN: "the-new-token", UPSTASH_REDIS_REST_TOKEN: "the-new-rest-token" };
  const gateway = await openGateway(tokens);
  onTestFinished(async () => await gateway.close());
  return (stale: Readonly<Record<string, string>> = {}) => {
    const env: Readonly<Record<string, string>> = { ...gateway.variables, ...tokens, ...stale };
    const app = new Umbel("tasks", { broker: qstash(), backend: upstash(), env, log: () => undefined });
    return { app, env, add: app.task("tasks.add", (x: number, y: number) => x + y) };
  };
}

it("a call with the broker's old token fails at the caller, and with the new one it is taken", async () => {
  const configured = await rotated();
  const stale = configured({ QSTASH_TOKEN: "the-old-token" });

  await expect(stale.add.delay(1, 2)).rejects.toMatchObject({ code: "BROKER_REJECTED" });
  await expect(configured().add.delay(1, 2)).resolves.toHaveProperty("id");
});

it("a worker with the store's old token answers 503, and with the new one it runs what comes again", async () => {
  const configured = await rotated();
  const message = { headers: { id: "one", task: "tasks.add" }, properties: {}, body: [[1, 2], {}, {}] } as const;
  const body = encodePush(message);
  const answerOf = async ({ app, env }: ReturnType<typeof configured>) => {
    const key = env["QSTASH_CURRENT_SIGNING_KEY"] ?? "";
    const signature = signedWith(key, { url: `${origin}/q/default`, body });
    return (await worker(app).fetch(pushTo("/q/default", { signature, body }))).status;
  };

  const refused = await answerOf(configured({ UPSTASH_REDIS_REST_TOKEN: "the-old-rest-token" }));
  const taken = await answerOf(configured());

  expect([refused, taken]).toEqual([503, 200]);
  expect(await configured().app.result("one").get()).toBe(3);
});

it("a tick with beat's old token sends nothing, and the next one with the new token catches up", async () => {
  const env = { UMBEL_BEAT_TOKEN: "the-old-token" };
  const { app, broker, clock } = world({ env });
  const report = app.task("tasks.report", () => null);
  const schedule = beat(app, { minutely: { task: report.s(), schedule: 60 } }, { horizon: 0 });
  const tick = async (token: string) =>
    (await schedule.request("/tick", { method: "POST", headers: { authorization: `Bearer ${token}` } })).status;
  await tick("the-old-token");
  await clock.advance(60);

  env.UMBEL_BEAT_TOKEN = "the-new-token";
  const old = await tick("the-old-token");
  const sentByOld = broker.waiting.length;
  const fresh = await tick("the-new-token");

  expect([old, sentByOld, fresh, broker.waiting.length]).toEqual([401, 0, 200, 1]);
});
