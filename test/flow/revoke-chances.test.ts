/** Revoking a call that is on its way for hours, at any moment of them, while anything goes wrong: it is told once, or has run. */

import { chain, chord, Umbel } from "umbel";
import { testKit } from "umbel/testing";
import { expect, it } from "vitest";

const hour = 3600;
const due = 3.5 * hour;

const faults = {
  drop: 0.1,
  duplicate: 0.1,
  delay: 0.1,
  reorder: 0.1,
  crashBefore: 0.05,
  crashAfter: 0.05,
  loseAnswer: 0.05,
  resend: 0.05,
  leaseDeath: 0.02,
  outage: 0.01,
};

const seeds = Array.from({ length: process.env["UMBEL_TEST_LEVEL"] === "full" ? 1000 : 40 }, (_, seed) => seed);

it.each(seeds)("comes to one end, seed %i", async (seed) => {
  const app = new Umbel("tasks");
  const limits = { maxDelay: hour };
  await using kit = testKit(app, { seed, start: "2026-01-01", concurrency: 3, limits, faults });
  const ran = new Set<string>();
  const told = new Set<string>();
  const note = app.task("tasks.note", (text: string) => {
    ran.add(text);
    return text;
  });
  const count = app.task("tasks.count", (texts: string[]) => texts.length);
  const tell = app.task(
    { name: "tasks.tell", bind: true },
    ({ request }, _failure: unknown) => void told.add(request.id),
  );
  const late = note.si("late").set({ countdown: due, linkError: tell.s() });
  const line = chain(note.si("begin"), late, note.si("end"));
  const result = await chord([line, note.si("other")], count.s().linkError(tell.s())).delay();
  const step = result.parent?.results?.[0]?.parent?.id ?? "";
  const when = (seed % 40) * 360;
  await kit.advance(when);

  // While the store is away nobody can be revoked.
  await app.revoke([step]).catch(() => undefined);
  await kit.settle();

  const states = [await app.result(step).state(), await result.state()];
  const isRevoked = states[0] === "REVOKED";
  expect(states).toEqual(isRevoked ? ["REVOKED", "FAILURE"] : ["SUCCESS", "SUCCESS"]);
  expect([told.size, ran.has("end")]).toEqual(isRevoked ? [2, false] : [0, true]);
  // One whose worker has died while it ran is revoked when it would be run again.
  expect(isRevoked && ran.has("late") && when < due).toBe(false);
});
