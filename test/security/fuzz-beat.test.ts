/** Beat's door before strangers: nothing ticks without the token or the broker's signature. */

import * as fc from "fast-check";
import { beat } from "umbel/beat";
import { describe, expect, it } from "vitest";
import { world } from "../flow/world.ts";
import { faultsIn } from "./faults.ts";
import { assertUnpolluted, hostileText, runs } from "./hostile.ts";
import { secret } from "./secrets.ts";

/** A schedule whose one entry is due. */
async function openBeat() {
  const home = world({ env: { UMBEL_BEAT_TOKEN: secret } });
  const report = home.app.task("tasks.report", (name: string) => name);
  const schedule = beat(home.app, { nightly: { task: report.si(secret), schedule: 60 } }, { horizon: 0 });
  await schedule.tick();
  await home.clock.advance(60);
  return { ...home, schedule };
}

describe("beat", () => {
  it("ticks for nobody without the token, whatever is sent, and says nothing of its arguments", async () => {
    const { schedule, broker } = await openBeat();
    const headers = fc.dictionary(
      fc.constantFrom("authorization", "upstash-signature", "umbel-signature", "content-length", "host"),
      fc.oneof(
        fc.constantFrom("Bearer", "Bearer x", "Basic x", `Bearer ${secret.slice(1)}`, "0", "-1"),
        fc.stringMatching(/^[ -~]{0,80}$/),
      ),
      { maxKeys: 3 },
    );

    await fc.assert(
      fc.asyncProperty(
        hostileText,
        headers,
        fc.constantFrom("/tick", "/tick/", "/", "/__proto__", "/tick?token=x"),
        async (body, given, path) => {
          const response = await schedule.request(path, { method: "POST", headers: given, body });

          const isOurs = response.headers.get("content-type") === "application/problem+json";
          expect(isOurs ? await faultsIn(response, { good: [], bad: [401, 413] }) : []).toEqual([]);
          expect([401, 404, 413]).toContain(response.status);
          expect(broker.waiting).toEqual([]);
          assertUnpolluted();
        },
      ),
      { numRuns: runs },
    );
    expect(await (await schedule.request("/")).text()).not.toContain(secret);
  });

  it("ticks with the token, whatever the body", async () => {
    const { schedule, broker } = await openBeat();
    const headers = { authorization: `Bearer ${secret}` };

    const response = await schedule.request("/tick", { method: "POST", headers, body: "{".repeat(60_000) });

    expect(response.status).toBe(200);
    expect(broker.waiting).toHaveLength(1);
  });
});
