/** A part that lacks a setting does not start: it names all that is missing, and ends. */

import { runtimes, startProgram } from "../running-program.ts";
import { describe, expect, it } from "vitest";

/** Production without any variable. */
const bare = {
  NODE_ENV: "production",
  PORT: "0",
  QSTASH_URL: "",
  QSTASH_TOKEN: "token-of-nobody",
  UPSTASH_REDIS_REST_TOKEN: "",
};

const ofAll = ["QSTASH_URL", "UMBEL_WORKER_URL", "UPSTASH_REDIS_REST_URL", "UPSTASH_REDIS_REST_TOKEN"];
const keys = ["QSTASH_CURRENT_SIGNING_KEY", "QSTASH_NEXT_SIGNING_KEY"];

describe.each(["bun", "deno", "node"] as const)("on %s", (runtime) => {
  it.each([
    { app: "worker", missing: [...ofAll, ...keys] },
    { app: "web", missing: [...ofAll, "UMBEL_RESULTS_TOKEN"] },
    { app: "beat", missing: [...ofAll, "UMBEL_BEAT_TOKEN (or the broker's signing keys)"] },
  ])("$app does not start in production without its settings, and names them all", async ({ app, missing }) => {
    const part = startProgram([...runtimes[runtime], `apps/${app}/src/${runtime}.ts`], bare);

    await part.endsWith(1);
    expect(part.output()).toBe(`Not started: Not set: ${missing.join(", ")}\n`);
  });
});
