/** What a caller is told of variables that it needs and that are not there. */

import { Umbel } from "@umbel/core";
import { qstash } from "@umbel/qstash";
import { upstash } from "@umbel/upstash-redis";
import { afterEach, describe, expect, it, vi } from "vitest";

describe("where variables come with each request", () => {
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.unstubAllEnvs();
  });

  it("an application that was given none does not take development's addresses", () => {
    const app = new Umbel("shop", { broker: qstash() });

    expect(connected(app)).toThrow(
      expect.objectContaining({
        name: "ImproperlyConfigured",
        message: expect.stringContaining("call app.useEnvironment(env)"),
      }),
    );
  });

  it("one that was given those of a request takes them, be there no variable at all", () => {
    const app = new Umbel("shop", { broker: qstash() });

    app.useEnvironment({});

    expect(connected(app)).not.toThrow();
  });

  it.each([
    ["has its own", { broker: qstash(), env: {} }],
    ["needs none", { broker: qstash({ url: "https://q.test", token: "t", workerUrl: "https://w.test" }) }],
  ])("one that %s asks for nothing", (_, options) => {
    expect(connected(new Umbel("shop", options))).not.toThrow();
  });
});

describe("variables that are not set", () => {
  const production = { NODE_ENV: "production" };

  it("are told all at once, whichever port needs them", () => {
    const app = new Umbel("shop", { broker: qstash(), backend: upstash(), env: production });

    expect(() => app.broker).toThrow(
      expect.objectContaining({
        code: "MISSING_SETTING",
        setting: "QSTASH_URL",
        message:
          "QSTASH_URL is not set: messages are published there; " +
          "nor are QSTASH_TOKEN, UMBEL_WORKER_URL, UPSTASH_REDIS_REST_URL, UPSTASH_REDIS_REST_TOKEN",
      }),
    );
    expect(() => app.backend).toThrow("nor are QSTASH_URL, QSTASH_TOKEN, UMBEL_WORKER_URL, UPSTASH_REDIS_REST_TOKEN");
  });

  it("are told without more where there is but one", () => {
    const env = { ...production, QSTASH_URL: "https://q.test", QSTASH_TOKEN: "t" };
    const app = new Umbel("shop", { broker: qstash(), env });

    expect(() => app.broker).toThrow(
      /^UMBEL_WORKER_URL is not set: messages are pushed to the worker that listens there$/,
    );
  });

  it("are told as far as can be seen where another makes no sense", () => {
    const app = new Umbel("shop", { broker: qstash(), env: { ...production, UMBEL_QUEUES: "{" } });

    expect(() => app.broker).toThrow(/^QSTASH_URL is not set: messages are published there; nor is QSTASH_TOKEN$/);
  });
});

/** Connects an application as on Workers that fill no `process.env`. */
function connected(app: Umbel): () => unknown {
  vi.stubGlobal("Cloudflare", { compatibilityFlags: { nodejs_compat_populate_process_env: false } });
  vi.stubEnv("NODE_ENV", "");
  return () => app.broker;
}
