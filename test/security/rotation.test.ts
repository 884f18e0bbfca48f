/** Signing keys change while pushes are under way: none is lost, and the old key is good for nothing in the end. */

import { createPushGateway, type PushGateway } from "@umbel/gateway";
import { memoryBackend } from "@umbel/memory";
import { Umbel } from "umbel";
import { qstash } from "umbel/qstash";
import { worker } from "umbel/worker";
import { describe, expect, it, onTestFinished } from "vitest";
import { poll } from "../running-program.ts";
import { serve } from "../serve.ts";
import { origin, pushTo, signedWith } from "./signed-push.ts";

const token = "the-token-of-this-test";
const first = { currentSigningKey: "sig_first", nextSigningKey: "sig_second" };

/** A gateway, and a worker that is started with these keys and can be started again with others. */
async function deployment() {
  const gateway: PushGateway = createPushGateway({ database: ":memory:", token, ...first });
  const api = await serve(async (request) => await gateway.app.fetch(request));
  const backend = memoryBackend();
  const worked = { keys: first, isAway: false, refused: 0 };
  const site = await serve(async (request) => {
    if (worked.isAway) return new Response(null, { status: 503, headers: { "retry-after": "1" } });
    const response = await worker(appOf(worked.keys).app).fetch(request);
    if (response.status === 401) worked.refused += 1;
    return response;
  });
  const appOf = (keys: typeof first) => {
    const broker = qstash({ url: api.url, token, workerUrl: site.url, ...keys });
    const app = new Umbel("tasks", { broker, backend, log: () => {} });
    return { add: app.task("tasks.add", (x: number, y: number) => x + y), app };
  };
  gateway.start();
  onTestFinished(async () => {
    await gateway.close();
    await Promise.all([api.stop(), site.stop()]);
  });
  return { gateway, api, worked, add: appOf(first).add };
}

describe("a rotation of signing keys", () => {
  it("loses no push: not those before it, not those that are retried over it, not those after it", async () => {
    const { gateway, api, worked, add } = await deployment();
    worked.isAway = true;
    const before = await Promise.all([1, 2, 3].map(async (x) => await add.delay(x, x)));

    const rotated = await fetch(`${api.url}/v2/keys/rotate`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}` },
    });
    worked.isAway = false;
    const after = await Promise.all([4, 5].map(async (x) => await add.delay(x, x)));
    const sums = await Promise.all([...before, ...after].map(async (result) => await result.get({ timeout: 15 })));

    expect(rotated.status).toBe(200);
    expect(gateway.signingKeys().current).toBe("sig_second");
    expect(sums).toEqual([2, 4, 6, 8, 10]);
    expect(worked.refused).toBe(0);
  });

  it("goes on without a gap when the worker learns the new keys later", async () => {
    const { gateway, api, worked, add } = await deployment();
    await fetch(`${api.url}/v2/keys/rotate`, { method: "POST", headers: { authorization: `Bearer ${token}` } });
    const old = await add.delay(1, 1);
    expect(await old.get({ timeout: 15 })).toBe(2);

    const { current, next } = gateway.signingKeys();
    worked.keys = { currentSigningKey: current, nextSigningKey: next };
    const fresh = await add.delay(2, 2);

    expect(await fresh.get({ timeout: 15 })).toBe(4);
    expect(worked.refused).toBe(0);
  });

  it("twice, before the worker has learnt of it, is made good by giving the worker the new keys: the push comes again", async () => {
    const { gateway, api, worked, add } = await deployment();
    const rotate = { method: "POST", headers: { authorization: `Bearer ${token}` } };
    await fetch(`${api.url}/v2/keys/rotate`, rotate);
    await fetch(`${api.url}/v2/keys/rotate`, rotate);
    const result = await add.delay(3, 3);
    await poll(15, () => worked.refused > 0);

    const { current, next } = gateway.signingKeys();
    worked.keys = { currentSigningKey: current, nextSigningKey: next };

    expect(await result.get({ timeout: 20 })).toBe(6);
    expect(worked.refused).toBeGreaterThan(0);
  });
});

describe("a worker after a rotation", () => {
  it("takes both of its keys, as its environment has them now, and the one before them no longer", async () => {
    const env = { QSTASH_CURRENT_SIGNING_KEY: "sig_second", QSTASH_NEXT_SIGNING_KEY: "sig_third" };
    const broker = qstash({ url: "http://127.0.0.1:1", token });
    const endpoint = worker(new Umbel("tasks", { broker, backend: memoryBackend(), env, log: () => {} }));
    const statusFor = async (key: string) => {
      return (
        await endpoint.fetch(pushTo("/q/default", { signature: signedWith(key, { url: `${origin}/q/default` }) }))
      ).status;
    };

    expect([await statusFor("sig_second"), await statusFor("sig_third")]).toEqual([489, 489]);
    expect(await statusFor("sig_first")).toBe(401);

    env.QSTASH_CURRENT_SIGNING_KEY = "sig_third";
    env.QSTASH_NEXT_SIGNING_KEY = "sig_fourth";
    expect(await statusFor("sig_second")).toBe(401);
    expect(await statusFor("sig_fourth")).toBe(489);
  });
});
