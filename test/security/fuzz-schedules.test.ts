/** Entries over HTTP before strangers, and before callers who have the token and send nonsense. */

import * as fc from "fast-check";
import { beat } from "umbel/beat";
import { describe, expect, it } from "vitest";
import { world } from "../flow/world.ts";
import { faultsIn } from "./faults.ts";
import { assertUnpolluted, hostileText, mutationsOf, runs, trickyNames } from "./hostile.ts";
import { secret } from "./secrets.ts";

const bodies = [
  { task: "shop.add", args: [1, 2], schedule: 30 },
  { task: "shop.add", kwargs: { x: 1, y: 2 }, schedule: "30 7 * * mon", timezone: "Europe/Oslo", jitter: "1m" },
  { task: { task: "shop.add", args: [1, 2], options: { queue: "slow" } }, schedule: { hours: 1, relative: true } },
  {
    task: "shop.add",
    args: [1, 2],
    schedule: { type: "crontab", minute: "0", hour: "*", dayOfWeek: "*", dayOfMonth: "*", monthOfYear: "*" },
    options: { expires: "1h", headers: { a: 1 } },
    catchup: { policy: "all", within: 60, limit: 5 },
    overlap: "skip",
    startAt: "2026-01-01T00:00:00Z",
    endAt: "2026-02-01T00:00:00Z",
    enabled: true,
  },
  { from: "2025-12-31T00:00:00Z", to: "2025-12-31T12:00:00Z", limit: 1000, dryRun: true },
].map((body) => JSON.stringify(body));

const actions = ["/pause", "/resume", "/trigger", "/backfill", "/next?count=3", "/next?count=-1", "/next?count=x"];

/** A beat whose entries need the secret, with one of them that is nobody's business. */
function openDesk() {
  const home = world({ env: { UMBEL_BEAT_TOKEN: secret } });
  const add = home.app.task({ name: "shop.add", params: ["x", "y"] }, (x: number, y: number) => x + y);
  const site = beat(home.app, { hidden: { task: add, args: [4111, 4111], schedule: 60 } }, { horizon: 0 });
  return { ...home, site };
}

const entryName = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom("hidden", "added") },
  { weight: 1, arbitrary: fc.constantFrom(...trickyNames.filter((each) => !isStep(each))) },
);
const action = fc.oneof(
  { weight: 2, arbitrary: fc.constant("") },
  { weight: 1, arbitrary: fc.constantFrom(...actions) },
);
const path = fc
  .tuple(entryName, action)
  .map(([of, what]) => `/schedules/${encodeURIComponent(of.toWellFormed())}${what}`);

/** A client takes such a step before it asks. */
function isStep(name: string): boolean {
  return name === "." || name === "..";
}

const method = fc.constantFrom("GET", "PUT", "POST", "DELETE");

describe("entries over HTTP", () => {
  it("answer whatever is sent with the token, and every tick goes on", async () => {
    const { site, clock } = openDesk();
    const headers = { authorization: `Bearer ${secret}` };
    const body = fc.oneof({ weight: 1, arbitrary: hostileText }, { weight: 4, arbitrary: mutationsOf(bodies) });
    await site.tick();

    await fc.assert(
      fc.asyncProperty(path, method, body, async (where, how, text) => {
        const response = await site.request(where, { method: how, headers, ...(how === "GET" ? {} : { body: text }) });

        const isRouted = response.headers.get("content-type") !== "text/plain; charset=UTF-8";
        expect(isRouted ? await faultsIn(response, { good: [200, 202, 204], bad: [400, 404, 409, 413] }) : []).toEqual(
          [],
        );
        assertUnpolluted();
      }),
      { numRuns: runs },
    );
    await clock.advance(60);
    await site.tick();
    const { entries } = Object(await (await site.request("/schedules", { headers })).json());
    expect(entries.length).toBeGreaterThan(0);
  });

  it("show a stranger nothing, whatever the address, the method and the headers", async () => {
    const { site, broker } = openDesk();
    const authorization = fc.oneof(
      fc.constantFrom("", "Bearer", "Bearer x", "Basic x", `Bearer ${secret.slice(1)}`),
      fc.stringMatching(/^[ -~]{0,80}$/),
    );

    await fc.assert(
      fc.asyncProperty(path, method, authorization, async (where, how, header) => {
        const response = await site.request(where, { method: how, headers: { authorization: header } });

        expect([401, 404]).toContain(response.status);
        expect(await response.text()).not.toMatch(/4111|shop\.add/);
      }),
      { numRuns: runs },
    );
    expect(broker.waiting).toEqual([]);
  });
});
