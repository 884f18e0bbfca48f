/**
 * Tasks that are replaced and chords that grow, drawn at random, while workers die, answers are lost and pushes come twice:
 * each call runs to one end, the body gets every member once, and nothing is left waiting.
 */

import { type BoundTask, chain, chord, group } from "umbel";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { world } from "./world.ts";

const runs = process.env["UMBEL_TEST_LEVEL"] === "full" ? 1500 : 120;

/** What a task does before it returns its number. */
type Deed =
  | { readonly kind: "value" }
  | { readonly kind: "retry"; readonly next: Deed }
  | { readonly kind: "replace"; readonly by: "task" | "chain" | "group" | "chord"; readonly next: Deed }
  | { readonly kind: "add"; readonly members: readonly Deed[]; readonly next: Deed };

/** A fault: the worker dies before or after the nth call of a port. */
interface Fault {
  readonly method: "claim" | "finish" | "join" | "publish";
  readonly moment: "before" | "after";
  readonly nth: number;
}

const deeds = fc.letrec<{ deed: Deed }>((tie) => ({
  deed: fc.oneof(
    { maxDepth: 3 },
    fc.constant<Deed>({ kind: "value" }),
    fc.record({ kind: fc.constant("retry" as const), next: tie("deed") }),
    fc.record({
      kind: fc.constant("replace" as const),
      by: fc.constantFrom("task" as const, "chain" as const, "group" as const, "chord" as const),
      next: tie("deed"),
    }),
    fc.record({
      kind: fc.constant("add" as const),
      members: fc.array(tie("deed"), { minLength: 1, maxLength: 2 }),
      next: tie("deed"),
    }),
  ),
})).deed;

const faults: fc.Arbitrary<readonly Fault[]> = fc.array(
  fc.record({
    method: fc.constantFrom("claim" as const, "finish" as const, "join" as const, "publish" as const),
    moment: fc.constantFrom("before" as const, "after" as const),
    nth: fc.nat(8),
  }),
  { maxLength: 3 },
);

describe("a canvas that changes while it runs", () => {
  it("ends with every value in its place, whatever dies", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(deeds, { minLength: 1, maxLength: 3 }), faults, async (members, wrong) => {
        const { body, bodies, inject, finish } = home(members);
        const result = await body.delay();
        for (const fault of wrong) inject(fault);

        await finish();

        expect(await result.get()).toEqual(valueOf(members));
        // Its own worker may have died, too: then it runs again, with the same list.
        expect(bodies).toEqual(bodies.map(() => valueOf(members)));
      }),
      { numRuns: runs },
    );
  }, 120_000);
});

/** A world with a task for every deed, and the chord of these members, not sent yet. */
function home(members: readonly Deed[]) {
  const { app, ports, kill, finish } = world();
  const bodies: (readonly unknown[])[] = [];
  const list = app.task("tasks.list", (values: readonly unknown[]) => [...values]);
  const collect = app.task("tasks.collect", (values: readonly unknown[]) => {
    bodies.push(values);
    return [...values];
  });
  const noop = app.task("tasks.noop", () => null);
  const act = app.task(
    { name: "tasks.act", bind: true, maxRetries: null },
    async (task, deed: Deed): Promise<unknown> => {
      return await perform(task, deed, 0);
    },
  );

  async function perform(task: BoundTask, deed: Deed, retries: number): Promise<unknown> {
    switch (deed.kind) {
      case "value":
        return 1;
      case "retry":
        if (task.request.retries <= retries) return task.retry({ countdown: 1 });
        return await perform(task, deed.next, retries + 1);
      case "replace":
        return replace(task, deed);
      case "add":
        for (const member of deed.members) await task.addToChord(act.si(member));
        return await perform(task, deed.next, retries);
    }
  }

  function replace(task: BoundTask, { by, next: rest }: Extract<Deed, { kind: "replace" }>): unknown {
    const next = act.si(rest);
    const replacements = {
      task: () => task.replace(next),
      chain: () => task.replace(chain(noop.si(), next)),
      group: () => task.replace(group([next])),
      chord: () => task.replace(chord([next], list.s())),
    };
    return replacements[by]();
  }

  /** The worker dies at the nth call of a port from now on. */
  function inject({ method, moment, nth }: Fault): void {
    let left = nth;
    const strike = () => {
      if (left === 0) kill();
      else ports[moment](method, strike);
      left -= 1;
    };
    ports[moment](method, strike);
  }

  return {
    bodies,
    finish,
    inject,
    body: chord(
      members.map((each) => act.si(each)),
      collect.s(),
    ),
  };
}

/** What the body gets: a header's values in order, then those of what was added, owner by owner. */
function valueOf(members: readonly Deed[]): readonly unknown[] {
  return [...members.map(ownValue), ...members.flatMap(addedBy)];
}

/** What is replaced by a group, or by a chord whose body hands its list on, has a list, with what was added in there. */
function ownValue(deed: Deed): unknown {
  if (deed.kind === "value") return 1;
  return isApart(deed) ? valueOf([deed.next]) : ownValue(deed.next);
}

/** What is added to the chord that a deed is a member of. */
function addedBy(deed: Deed): readonly unknown[] {
  if (deed.kind === "value" || isApart(deed)) return [];
  const members = deed.kind === "add" ? deed.members : [];
  return members.flatMap((each) => [ownValue(each)].concat(addedBy(each))).concat(addedBy(deed.next));
}

function isApart(deed: Deed): boolean {
  return deed.kind === "replace" && (deed.by === "group" || deed.by === "chord");
}
