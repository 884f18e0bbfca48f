import { afterEach, describe, expect, it, vi } from "vitest";
import tick from "../api/tick.ts";
import cloudflare from "../src/cloudflare.ts";

afterEach(() => void vi.unstubAllEnvs());

describe("beat on each platform", () => {
  it("has what Cloudflare's requests and cron triggers call", () => {
    expect(cloudflare).toMatchObject({ fetch: expect.any(Function), scheduled: expect.any(Function) });
  });

  it("lets nobody tick by Vercel's cron route without the secret", async () => {
    vi.stubEnv("UMBEL_BEAT_TOKEN", "mine");
    const stranger = new Request("https://beat.test/api/tick", { headers: { authorization: "Bearer guess" } });

    expect((await tick(stranger)).status).toBe(401);
  });

  it("shows its entries to everybody", async () => {
    const response = await cloudflare.request("/");

    expect(await response.json()).toMatchObject({
      entries: [
        { name: "heartbeat", schedule: "every 30 seconds" },
        { name: "morning", schedule: expect.stringMatching(/^crontab\(30 7 /) },
      ],
    });
  });
});
