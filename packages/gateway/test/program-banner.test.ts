import { describe, expect, it } from "vitest";
import { bannerOf } from "../src/program/banner.ts";

const gateway = {
  url: "http://127.0.0.1:8080",
  restUrl: "http://127.0.0.1:8079",
  variables: { QSTASH_URL: "http://127.0.0.1:8080", QSTASH_TOKEN: "token", UPSTASH_REDIS_REST_TOKEN: "umbel-dev" },
};

function banner(environment: Record<string, string>, data = ":memory:") {
  return bannerOf({ gateway, data, environment }).join("\n");
}

describe("what the gateway says", () => {
  it("has the addresses and the environment block", () => {
    expect(banner({})).toContain("http://127.0.0.1:8079");
    expect(banner({})).toContain("  QSTASH_URL=http://127.0.0.1:8080\n  QSTASH_TOKEN=token");
  });

  it("says where it keeps what, and that memory is not kept", () => {
    expect(banner({}, "/var/umbel")).toContain("Messages         in /var/umbel");
    expect(banner({})).toContain("gone when the gateway stops");
  });

  it("shows no secret that it was given", () => {
    const shown = banner({ QSTASH_TOKEN: "token", REDIS_URL: "redis://user:password@db.test:6379/1" });

    expect(shown).not.toContain("QSTASH_TOKEN=token");
    expect(shown).not.toContain("password");
    expect(shown).toContain("Results          in Redis at db.test:6379");
  });

  it("names an address that can be reached where it listens on all of them", () => {
    const variables = { QSTASH_URL: "http://0.0.0.0:9090", UPSTASH_REDIS_REST_URL: "http://[::]:9091" };
    const open = { url: "http://0.0.0.0:9090", restUrl: "http://[::]:9091", variables };

    const lines = bannerOf({ gateway: open, data: ":memory:", environment: {} });

    expect(lines).toContain("  QSTASH_URL=http://127.0.0.1:9090");
    expect(lines).toContain("  UPSTASH_REDIS_REST_URL=http://127.0.0.1:9091");
    expect(lines.at(-1)).toContain("its name instead of 127.0.0.1");
    expect(banner({})).not.toContain("its name instead");
  });
});
