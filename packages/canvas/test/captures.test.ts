import { chain, chord, chunks, groupOfChunks, expand, freeze, group, link, linkError, pipe } from "@umbel/canvas";
import type { Signature } from "@umbel/protocol";
import { describe, expect, it } from "vitest";
import { atRoot, fixed, task, withOptions } from "./build.ts";
import { capturedCalls, comparable, hasCaptures } from "./captures.ts";
import { type Body, World } from "./world.ts";

const add = (...args: readonly unknown[]) => task("add", ...args);
const mul = (...args: readonly unknown[]) => task("mul", ...args);
const tsum = task("tsum");
const collect = task("collect");
const two = [add(1, 1), add(2, 2)];
const three = [add(1, 1), add(2, 2), add(3, 3)];

const same: Readonly<Record<string, Signature>> = {
  "chain-3": chain([add(1, 2), add(3), mul(4)]),
  "chain-chord-chord": [group(two), tsum, group([add(1), add(2)]), tsum].reduce(pipe),
  "chain-ending-in-group": chain([add(1, 1), group([add(10), add(20)])]),
  "chain-group-task": chain([add(1, 1), group([add(10), add(20)]), tsum]),
  "chain-immutable": chain([add(1, 2), fixed("add", 3, 4)]),
  "chain-link": link(chain([add(1, 2), add(3)]), task("on_ok")),
  "chain-link-error": linkError(chain([add(1, 2), add(3)]), task("errback_id")),
  "chain-nested": chain([add(1, 2), chain([add(3), add(4)]), add(5)]),
  "chain-of-one": chain([add(1, 2)]),
  "chain-options": chain([
    add(1, 2),
    withOptions(add(3), { queue: "reports", countdown: 5, priority: 9, expires: 60 }),
  ]),
  "chain-task-id": withOptions(chain([add(1, 2), add(3)]), { task_id: "last-one" }),
  chord: chord(three, tsum),
  "chord-body-chain": chord(two, chain([tsum, mul(10)])),
  "chord-body-options": chord(two, withOptions(tsum, { queue: "reports", priority: 9 })),
  "chord-header-chain": chord([chain([add(1, 1), mul(5)]), add(2, 2)], tsum),
  "chord-header-chord": chord([chord(two, tsum), add(3, 3)], collect),
  "chord-link-error": linkError(chord(two, tsum), task("errback_id")),
  "chord-of-one": chord([add(1, 1)], tsum),
  chunks: groupOfChunks(
    chunks(
      "tasks.add",
      [1, 2, 3, 4, 5].map((each) => [each, each]),
      2,
    ),
  ),
  "group-3": group(three),
  "group-empty": group([]),
  "group-link-error": linkError(group([add(1, 1), task("fail")]), withOptions(task("errback_id"), { immutable: true })),
  "group-of-chains": group([chain([add(1, 1), add(10)]), add(2, 2)]),
  "group-of-one": group([add(1, 1)]),
  "group-then-task": pipe(group(two), tsum),
  "group-then-task-then-task": pipe(pipe(group(two), tsum), mul(10)),
  link: link(add(2, 3), task("on_ok")),
  "link-and-error": linkError(linkError(link(add(2, 3), task("on_ok")), task("errback_id")), task("errback_full")),
  "link-chain": link(add(2, 3), chain([mul(2), mul(3)])),
  "link-list": link(link(add(2, 3), task("on_ok")), mul(10)),
};

/** From 5.6 on a chord's body has the header's group, which it is no member of; 5.2 knows places in chords only. */
const runs: Readonly<Record<string, Signature>> = {
  "5.2.6/run/chain": chain([add(1, 2), add(3), mul(4)]),
  "5.6.3/run/chain-ending-in-group": chain([add(1, 1), group([add(10), add(20)])]),
  "5.2.6/run/chain-group-task": chain([add(1, 1), group([add(10), add(20)]), tsum]),
  "5.2.6/run/chord": chord(three, tsum),
  "5.2.6/run/chord-body-chain": chord(two, chain([tsum, mul(10)])),
  "5.2.6/run/chord-header-chain": chord([chain([add(1, 1), mul(5)]), add(2, 2)], tsum),
  "5.2.6/run/chord-header-chord": chord([chord(two, tsum), add(3, 3)], collect),
  "5.6.3/run/group": group(three),
  "5.6.3/run/group-of-chains": group([chain([add(1, 1), add(10)]), add(2, 2)]),
  "5.6.3/run/link": link(add(2, 3), task("on_ok")),
};

const bodies: Readonly<Record<string, Body>> = {
  "tasks.add": ([x, y]) => Number(x) + Number(y),
  "tasks.mul": ([x, y]) => Number(x) * Number(y),
  "tasks.tsum": ([list]) => (Array.isArray(list) ? list.reduce((total: number, each) => total + Number(each), 0) : 0),
  "tasks.collect": ([list]) => list,
  "tasks.on_ok": () => null,
};

function fail(reason: string): never {
  throw new Error(reason);
}

describe.skipIf(!hasCaptures)("against captures of Celery", () => {
  it.each(Object.entries(same))("sends what Celery sends for 5.6.3/publish/%s", (name, canvas) => {
    expect(comparable(expand(freeze(canvas, atRoot).signature))).toEqual(capturedCalls(`5.6.3/publish/${name}`));
  });

  it.each(Object.entries(runs))("sends what Celery's worker sends in %s", (name, canvas) => {
    const world = new World((called) => bodies[called] ?? (() => fail(called)));

    world.run(canvas);

    expect(comparable(world.performed)).toEqual(capturedCalls(name));
  });

  it("keeps the order of a group in a header, which Celery 5.6 turns round", () => {
    const calls = expand(freeze(chord([group(two), add(3, 3)], collect), atRoot).signature);

    expect(calls.map((each) => [each.args, each.options.group_index])).toEqual([
      [[1, 1], 0],
      [[2, 2], 1],
      [[3, 3], 2],
    ]);
  });
});
