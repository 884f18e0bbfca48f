/** The health check of a worker, of beat, and of an app that serves results: what is missing is told at once, by name. */

import { lendConnections } from "@umbel/core";
import type { CallerBroker, Environment } from "@umbel/protocol";
import { ImproperlyConfigured, Umbel } from "umbel";
import { beat } from "umbel/beat";
import { memoryBackend, memoryBroker } from "umbel/memory";
import { qstash } from "umbel/qstash";
import { resultsReadiness } from "umbel/results";
import { upstash } from "umbel/upstash";
import { worker } from "umbel/worker";
import { describe, expect, it } from "vitest";

const account = { QSTASH_URL: "https://qstash.test", QSTASH_TOKEN: "secret-of-nobody" };
const store = { UPSTASH_REDIS_REST_URL: "https://redis.test", UPSTASH_REDIS_REST_TOKEN: "secret-of-nobody" };
const keys = { QSTASH_CURRENT_SIGNING_KEY: "secret-of-nobody", QSTASH_NEXT_SIGNING_KEY: "secret-of-nobody" };
const everything = { ...account, ...store, ...keys, UMBEL_WORKER_URL: "https://worker.test", UMBEL_BEAT_TOKEN: "own" };

function application(env: Record<string, string>) {
  return new Umbel("shop", { broker: qstash(), backend: upstash(), env, log: () => undefined });
}

describe("GET / in production", () => {
  it.each([
    { env: {}, missing: [...Object.keys(account), "UMBEL_WORKER_URL", ...Object.keys(store), ...Object.keys(keys)] },
    { env: { ...account, ...store }, missing: ["UMBEL_WORKER_URL", ...Object.keys(keys)] },
    { env: { ...everything, QSTASH_NEXT_SIGNING_KEY: "" }, missing: ["QSTASH_NEXT_SIGNING_KEY"] },
  ])("of a worker names $missing, and no value", async ({ env, missing }) => {
    const endpoint = worker(application({ ...env, NODE_ENV: "production" }));

    const response = await endpoint.request("/");

    expect(response.status).toBe(503);
    const text = await response.text();
    expect(JSON.parse(text)).toMatchObject({ code: "MISSING_SETTING", detail: `Not set: ${missing.join(", ")}` });
    expect(text).not.toContain("secret-of-nobody");
  });

  const beatEnv = { ...account, ...store, UMBEL_WORKER_URL: "https://worker.test", NODE_ENV: "production" };

  it("of beat wants its token or the signing keys, and says so", async () => {
    const schedule = beat(application(beatEnv), {});

    const { detail } = await (await schedule.request("/")).json();
    const byToken = await beat(application({ ...beatEnv, UMBEL_BEAT_TOKEN: "own" }), {}).request("/");
    const byKeys = await beat(application({ ...beatEnv, ...keys }), {}).request("/");

    expect(detail).toBe("Not set: UMBEL_BEAT_TOKEN (or the broker's signing keys)");
    expect([byToken.status, byKeys.status]).toEqual([200, 200]);
    expect((await schedule.request("/", {}, { UMBEL_BEAT_TOKEN: "own" })).status).toBe(200);
  });

  it.each([
    { tickedBy: "token", env: keys, missing: "UMBEL_BEAT_TOKEN", enough: { UMBEL_BEAT_TOKEN: "own" } },
    { tickedBy: "broker", env: { UMBEL_BEAT_TOKEN: "own" }, missing: Object.keys(keys).join(", "), enough: keys },
  ] as const)("of beat that is ticked by $tickedBy wants $missing", async ({ tickedBy, env, missing, enough }) => {
    const schedule = beat(application({ ...beatEnv, ...env }), {}, { tickedBy });

    expect(await (await schedule.request("/")).json()).toMatchObject({ detail: `Not set: ${missing}` });
    expect((await schedule.request("/", {}, enough)).status).toBe(200);
  });

  it("of beat that its platform ticks wants no secret for it", async () => {
    const schedule = beat(application(beatEnv), {}, { tickedBy: "platform" });

    expect((await schedule.request("/")).status).toBe(200);
    expect((await schedule.request("/tick", { method: "POST" })).status).toBe(401);
  });

  it("of an app that serves results may ask for what is missing there", async () => {
    const env = { ...everything, NODE_ENV: "production" };
    const unready = resultsReadiness(application(env));

    expect(await (await unready())?.json()).toMatchObject({ detail: "Not set: UMBEL_RESULTS_TOKEN" });
    expect(await resultsReadiness(application(env), { token: "given" })()).toBeUndefined();
  });

  it("is looked at again until nothing is missing, and connects nothing for good meanwhile", async () => {
    const app = application({ NODE_ENV: "production" });
    const endpoint = worker(app);
    expect((await endpoint.request("/")).status).toBe(503);

    const response = await endpoint.request("/", {}, everything);

    expect(await response.json()).toMatchObject({ app: "shop", tasks: [] });
    expect(app.broker.worker).toBe("https://worker.test");
  });
});

describe("GET / of a worker", () => {
  it("is 200 in development, where everything has a default", async () => {
    expect((await worker(application({})).request("/")).status).toBe(200);
  });

  it("does not hide a setting that makes no sense: it is 503, and the log has the name", async () => {
    const lines: string[] = [];
    const app = new Umbel("shop", { broker: qstash({ url: "nonsense" }), log: ({ message }) => lines.push(message) });

    const response = await worker(app).request("/");

    expect([response.status, (await response.text()).includes("nonsense")]).toEqual([503, false]);
    expect(lines.join()).toContain("QSTASH_URL is no http or https URL");
  });
});

describe("the ports of an application", () => {
  it("can be connected aside, which leaves its own alone", () => {
    const app = new Umbel("shop", { broker: () => memoryBroker(), backend: () => memoryBackend() });

    const aside = app.connected(() => undefined);

    expect(app.broker).toBe(app.broker);
    expect([aside.broker === app.broker, aside.backend === app.backend]).toEqual([false, false]);
    expect(() => new Umbel("bare").connected(() => undefined)).toThrow(ImproperlyConfigured);
  });

  it("are connected aside as they were lent, and as they were given for the rest", () => {
    const app = new Umbel("shop", { broker: named, backend: kept });
    const first = app.broker.name;
    const loan = lendConnections(app, { backend: lent });

    const aside = app.connected(() => "aside");
    loan[Symbol.dispose]();

    expect([first, aside.broker.name, aside.backend.name]).toEqual(["first", "aside", "lent"]);
    expect(app.connected(() => "aside").backend.name).toBe("kept");
  });

  it("are connected aside as they were lent to what runs on them, though they were given back", async () => {
    const app = new Umbel("shop", { broker: named, backend: kept });
    const loan = lendConnections(app, { backend: lent });
    const gate = Promise.withResolvers<void>();
    const running = loan.run(async () => {
      await gate.promise;
      return app.connected(() => "aside");
    });
    loan[Symbol.dispose]();
    gate.resolve();

    const { broker, backend } = await running;

    expect([broker.name, backend.name]).toEqual(["aside", "lent"]);
  });
});

const kept = { ...memoryBackend(), name: "kept" };
const lent = { ...memoryBackend(), name: "lent" };

/** A broker whose name is the variable NAME. */
function named(environment: Environment): CallerBroker {
  return { ...memoryBroker(), name: environment("NAME") ?? "first" };
}
