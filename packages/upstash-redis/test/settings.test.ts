import { upstash } from "@umbel/upstash-redis";
import { describe, expect, it } from "vitest";
import { startRecorder } from "./recorder.ts";

const production = {
  NODE_ENV: "production",
  UPSTASH_REDIS_REST_URL: "https://store.upstash.io",
  UPSTASH_REDIS_REST_TOKEN: "token",
};

describe("settings", () => {
  it.each(["UPSTASH_REDIS_REST_URL", "UPSTASH_REDIS_REST_TOKEN"])(
    "are incomplete in production without %s",
    (setting) => {
      const connect = () => upstash()(variables({ ...production, [setting]: "" }));

      expect(connect).toThrow(expect.objectContaining({ code: "MISSING_SETTING", setting }));
    },
  );

  it("are not needed at all in development", () => {
    expect(() => upstash()(variables({}))).not.toThrow();
  });

  it.each([
    { UPSTASH_REDIS_REST_TOKEN: "my own", missing: "UPSTASH_REDIS_REST_URL" },
    { UPSTASH_REDIS_REST_URL: "https://store.upstash.io", missing: "UPSTASH_REDIS_REST_TOKEN" },
    { UPSTASH_REDIS_REST_URL: "https://127.example.com", missing: "UPSTASH_REDIS_REST_TOKEN" },
  ])("never mix a store of one's own with development values: without $missing", ({ missing, ...settings }) => {
    expect(() => upstash()(variables(settings))).toThrow(expect.objectContaining({ setting: missing }));
  });

  it("say why the development address is not used when only a token is set", () => {
    const own = variables({ UPSTASH_REDIS_REST_TOKEN: "my own" });

    expect(() => upstash()(own)).toThrow(
      /^UPSTASH_REDIS_REST_URL is not set: .* because UPSTASH_REDIS_REST_TOKEN is set$/,
    );
  });

  it.each(["store.upstash.io", "redis://127.0.0.1:6379"])(
    "are refused by their name when the URL is %s, which is not told",
    (url) => {
      const connect = () => upstash({ url, token: "token" })(variables({}));

      expect(connect).toThrow(expect.objectContaining({ code: "IMPROPERLY_CONFIGURED" }));
      expect(connect).toThrow("UPSTASH_REDIS_REST_URL");
      expect(connect).not.toThrow(url);
    },
  );

  it("come from the program, then from the environment, then from development", async () => {
    const { url, headers } = await startRecorder();

    await upstash({ url, token: "given" })(variables(production)).load("a");
    await upstash()(variables({ ...production, UPSTASH_REDIS_REST_URL: `${url}/` })).load("a");
    await upstash({ url })(variables({})).load("a");

    expect(headers.map(({ authorization }) => authorization)).toEqual([
      "Bearer given",
      "Bearer token",
      "Bearer umbel-dev",
    ]);
  });
});

function variables(values: Readonly<Record<string, string>>) {
  return (name: string): string | undefined => values[name];
}
