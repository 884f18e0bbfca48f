/** Signing keys change while pushes are under way: none is lost, and the old key is good for nothing in the end. */

import { createPushGateway, type PushGateway } from "@umbel/gateway";
import { memoryBackend } from "@umbel/memory";
import { Hono } from "hono";
import { Umbel } from "umbel";
import { qstash } from "umbel/qstash";
import { results } from "umbel/results";
import { worker } from "umbel/worker";
import { describe, expect, it, onTestFinished } from "vitest";
import { world } from "../flow/world.ts";
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
    const sums = await Promise.all([...before, ...after].map(async (result) => await result.get({ timeout: 60 })));

    expect(rotated.status).toBe(200);
    expect(gateway.signingKeys().current).toBe("sig_second");
    expect(sums).toEqual([2, 4, 6, 8, 10]);
    expect(worked.refused).toBe(0);
  });

  it("goes on without a gap when the worker learns the new keys later", async () => {
    const { gateway, api, worked, add } = await deployment();
    await fetch(`${api.url}/v2/keys/rotate`, { method: "POST", headers: { authorization: `Bearer ${token}` } });
    const old = await add.delay(1, 1);
    expect(await old.get({ timeout: 60 })).toBe(2);

    const { current, next } = gateway.signingKeys();
    worked.keys = { currentSigningKey: current, nextSigningKey: next };
    const fresh = await add.delay(2, 2);

    expect(await fresh.get({ timeout: 60 })).toBe(4);
    expect(worked.refused).toBe(0);
  });

  it("twice, before the worker has learnt of it, is made good by giving the worker the new keys: the push comes again", async () => {
    const { gateway, api, worked, add } = await deployment();
    const rotate = { method: "POST", headers: { authorization: `Bearer ${token}` } };
    await fetch(`${api.url}/v2/keys/rotate`, rotate);
    await fetch(`${api.url}/v2/keys/rotate`, rotate);
    const result = await add.delay(3, 3);
    await poll(60, () => worked.refused > 0);

    const { current, next } = gateway.signingKeys();
    worked.keys = { currentSigningKey: current, nextSigningKey: next };

    expect(await result.get({ timeout: 60 })).toBe(6);
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

/** A results API whose variables change while it runs. */
function service() {
  const env: Record<string, string> = { UMBEL_RESULTS_TOKEN: "first" };
  const { app } = world({ env });
  app.task("tasks.add", (x: number, y: number) => x + y);
  const web = new Hono().route("/tasks", results(app));
  const ask = async (path: string, bearer?: string, init: RequestInit = {}) => {
    const headers = bearer === undefined ? {} : { authorization: `Bearer ${bearer}` };
    return await web.request(`http://localhost${path}`, { ...init, headers });
  };
  const statusFor = async (bearer: string) => (await ask("/tasks/x", bearer)).status;
  const linkBy = async (bearer: string) => {
    const response = await ask("/tasks/tasks.add", bearer, { method: "POST", body: '{"args":[1,2]}' });
    return String((await response.json()).links.self);
  };
  return { env, ask, statusFor, linkBy };
}

describe("a rotation of the results' token", () => {
  it("refuses no poll and no link: the next token is taken beside the current one, and then the other way round", async () => {
    const { env, ask, statusFor, linkBy } = service();
    const old = await linkBy("first");

    env["UMBEL_RESULTS_TOKEN_NEXT"] = "second";
    const both = [await statusFor("first"), await statusFor("second"), (await ask(old)).status];
    const early = await linkBy("second");

    Object.assign(env, { UMBEL_RESULTS_TOKEN: "second", UMBEL_RESULTS_TOKEN_NEXT: "first" });
    const swapped = [await statusFor("first"), await statusFor("second"), (await ask(old)).status];

    expect([both, swapped]).toEqual([
      [200, 200, 200],
      [200, 200, 200],
    ]);
    expect((await ask(early)).status).toBe(200);
  });

  it("leaves the old token, and the links that it signed, good for nothing in the end", async () => {
    const { env, ask, statusFor, linkBy } = service();
    const old = await linkBy("first");
    Object.assign(env, { UMBEL_RESULTS_TOKEN: "second", UMBEL_RESULTS_TOKEN_NEXT: "first" });
    const fresh = await linkBy("first");

    env["UMBEL_RESULTS_TOKEN_NEXT"] = "";

    expect([await statusFor("first"), await statusFor("second"), await statusFor("")]).toEqual([401, 200, 401]);
    expect([(await ask(old)).status, (await ask(fresh)).status]).toEqual([401, 200]);
  });

  it.each(["production", "development"])(
    "takes the token that everybody knows as none, as the next one too: in %s",
    async (mode) => {
      const { env, statusFor } = service();
      Object.assign(env, { NODE_ENV: mode, UMBEL_RESULTS_TOKEN_NEXT: "umbel-dev" });

      expect([await statusFor("first"), await statusFor("umbel-dev")]).toEqual([200, 401]);
    },
  );
});
