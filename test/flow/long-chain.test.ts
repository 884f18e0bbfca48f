/** Chains that are longer than a stack is deep, or than what is nested may be. */

import { AsyncResult, chain, GroupResult, Umbel } from "umbel";
import { memoryBackend, memoryBroker } from "umbel/memory";
import { expect, it } from "vitest";
import { world } from "./world.ts";

it("a handle of a chain of thirty thousand steps is made and can be forgotten, waited for and walked back", async () => {
  const broker = memoryBroker({ deliver: () => new Response(), traits: { maxMessageSize: 100_000_000 } });
  const app = new Umbel("tasks", { broker, backend: memoryBackend(), log: () => undefined });
  const step = app.task("tasks.step", (x: number) => x + 1);

  const result = await chain(step.s(0), ...Array.from({ length: 29_999 }, () => step.s())).delay();

  let steps = 0;
  for (let at = result.parent; at !== null; at = at.parent) steps += 1;
  expect(steps).toBe(29_999);
  await expect(result.forget()).resolves.toBeUndefined();
  await expect(result.get({ timeout: 0 })).rejects.toThrow("PENDING");
});

it("handles of a call and of a group that come after thirty thousand steps have Celery's form", () => {
  const app = new Umbel("tasks");
  let step = new AsyncResult(app, "0");
  for (let nth = 1; nth < 30_000; nth += 1) step = new AsyncResult(app, `${nth}`, { parent: step });
  const group = new GroupResult(app, "group", { results: [new AsyncResult(app, "member")], parent: step });
  const last = new AsyncResult(app, "last", { parent: group });

  const [[id, before], members] = last.asTuple();
  const [[groupId]] = group.asTuple();

  expect([id, members, groupId]).toEqual(["last", null, "group"]);
  expect(before?.[1]).toEqual([[["member", null], null]]);
  let steps = 0;
  for (let at = before?.[0][1]; at; [[, at]] = at) steps += 1;
  expect(steps).toBe(30_000);
});

it("a task that sends a chain of a thousand steps ends, and says what it has sent", async () => {
  const { app, drain } = world();
  const step = app.task("tasks.step", (x: number) => x + 1);
  const sender = app.task("tasks.sender", async () => {
    const steps = Array.from({ length: 999 }, () => step.s());
    return (await chain(step.s(0), ...steps).applyAsync([], { countdown: 86_400 })).id;
  });

  const result = await sender.delay();
  await drain();

  const id = await result.get();
  const [child] = (await result.meta())?.children ?? [];
  expect(child?.[0][0]).toBe(id);
  expect(child?.[0][1]?.[0][0]).toEqual(expect.any(String));
});
