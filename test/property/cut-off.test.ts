import type { FiredFault } from "umbel/testing";
import { expect, it } from "vitest";
import { cutOffIn } from "./cut-off.ts";

/** A fault of the attempt of "a" that has not been retried, in its first life, a second after the start. */
function fired(given: Partial<Extract<FiredFault, { readonly call: unknown }>>): FiredFault {
  const at = { taskId: "a", task: "shop.pay", retries: 0, at: 1000, step: 1, running: true, life: 1 };
  return { fault: "crashBefore", call: "finish", nth: 0, ...at, ...given };
}

it("an attempt that died in two lives was cut off twice, and the attempt after it never", () => {
  const faults = [fired({ life: 1 }), fired({ life: 2 }), fired({ life: 2, call: "renew" })];

  expect([cutOffIn(faults, "a", 0), cutOffIn(faults, "a", 1), cutOffIn(faults, "b", 0)]).toEqual([2, 0, 0]);
});

it("a death before the body has begun, or after its end was stored, cuts nothing off", () => {
  const faults = [fired({ running: false, call: "claim" }), fired({ fault: "crashAfter", call: "finish" })];

  expect(cutOffIn(faults, "a", 0)).toBe(0);
});

it.each([
  { what: "is too short for that", seconds: 20, times: 0 },
  { what: "may be longer than what was left of the lease", seconds: 40, times: 1 },
])("a store that is away cuts nothing off unless a lease may end: it $what", ({ seconds, times }) => {
  const follows = fired({ fault: "outage", call: "renew", at: 6000, follows: true });
  const faults = [fired({ fault: "outage", seconds, taskId: "b", life: 9 }), follows];

  expect(cutOffIn(faults, "a", 0)).toBe(times);
});

it("two outages one right after the other are one that lasts longer", () => {
  const faults = [fired({ fault: "outage", seconds: 20 }), fired({ fault: "outage", seconds: 20, at: 23_000 })];

  expect(cutOffIn(faults, "a", 0)).toBe(1);
});
