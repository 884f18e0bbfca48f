import { chain, chord, expand, freeze, group, link, linkError, pipe, signature } from "@umbel/canvas";
import type { Signature } from "@umbel/protocol";
import { describe, expect, it } from "vitest";
import { atRoot, fixed, task, withOptions } from "./build.ts";
import { capturedCalls, comparable, hasCaptures } from "./captures.ts";

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
  chunks: {
    ...signature("celery.chunks", {
      kwargs: {
        task: add(),
        it: [
          [1, 1],
          [2, 2],
          [3, 3],
          [4, 4],
          [5, 5],
        ],
        n: 2,
      },
    }),
    immutable: true,
  },
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

describe.skipIf(!hasCaptures)("against captures of Celery 5.6.3", () => {
  it.each(Object.entries(same))("sends what Celery sends for publish/%s", (name, canvas) => {
    expect(comparable(expand(freeze(canvas, atRoot).signature))).toEqual(capturedCalls(`publish/${name}`));
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
