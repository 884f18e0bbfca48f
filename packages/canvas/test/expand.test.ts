import {
  type Call,
  chain,
  chord,
  clone,
  expand,
  freeze,
  type Given,
  group,
  immutable,
  link,
  linkError,
} from "@umbel/canvas";
import type { Signature } from "@umbel/protocol";
import { expect, it } from "vitest";
import { atRoot, fixed, task, withOptions } from "./build.ts";

const [a, b, c] = [task("a"), task("b"), task("c")];

function calls(canvas: Signature, given: Given = {}): readonly Call[] {
  return expand(freeze(canvas, atRoot).signature, given);
}

function only(canvas: Signature, given: Given = {}): Call {
  const [call, ...others] = calls(canvas, given);
  if (call === undefined || others.length > 0) throw new Error(`${others.length + 1} calls`);
  return call;
}

it("makes a call of a task, its options without what its message carries elsewhere", () => {
  const one = withOptions(link(task("a", 1), b), { queue: "slow", chord_size: 3, on_error: "collect", priority: null });

  expect(only(one)).toEqual({
    id: "root",
    task: "tasks.a",
    args: [1],
    kwargs: {},
    options: { task_id: "root", root_id: "root", queue: "slow" },
    embed: { callbacks: [b], errbacks: null, chain: null, chord: null },
  });
});

it("takes root and parent from whoever applies it", () => {
  const { options } = only(chain([a, b]), { options: { root_id: "above", parent_id: "before" } });

  expect(options).toMatchObject({ root_id: "above", parent_id: "before" });
});

it("is a root of its own when nobody applies it", () => {
  expect(calls(group([a, chain([b, c])])).map((each) => each.options.root_id)).toEqual(["root", "root"]);
});

it("sends a chain's first step, with the rest reversed behind what follows the chain already", () => {
  const { chain: rest } = only(chain([a, b, c]), { options: { chain: [task("last"), task("later")] } }).embed;

  expect(rest?.map((each) => each.task)).toEqual(["tasks.last", "tasks.later", "tasks.c", "tasks.b"]);
});

it("keeps an empty rest, as a chain's last step has it", () => {
  expect(only(a, { options: { chain: [] } }).embed.chain).toEqual([]);
  expect(only(chain([a]), { options: { chain: [] } }).embed.chain).toEqual([]);
});

it("starts a chain when and where it is told, and ends it with what is linked to it", () => {
  const { options, embed } = only(chain([a, b]), { options: { countdown: 3, queue: "slow", link: c, link_error: c } });

  expect(options).toMatchObject({ countdown: 3, queue: "slow" });
  expect(embed).toMatchObject({ callbacks: null, errbacks: [c] });
  expect(embed.chain?.map((each) => each.options)).toEqual([{ task_id: "root", link: [c], link_error: [c] }]);
});

it("gives the members of a group their places, and what the group was told", () => {
  const members = calls(group([a, group([b]), chain([c, a])]), { options: { countdown: 3, link_error: c } });

  expect(
    members.map(({ options: { group_id, group_index, countdown } }) => [group_id, group_index, countdown]),
  ).toEqual([
    ["root", 0, 3],
    ["root", 1, 3],
    [undefined, undefined, 3],
  ]);
  expect(members.map((each) => each.embed.errbacks)).toEqual([[c], [c], [c]]);
  expect(members[2]?.embed.chain?.[0]?.options).toMatchObject({ group_id: "root", group_index: 2 });
});

it("sends the header of a chord, each member with the body and the number of members", () => {
  const members = calls(chord([a, chain([a, b]), chord([a], b)], c, { onError: "collect" }));

  const body = { ...c, options: { task_id: "root", chord_size: 3, on_error: "collect" } };
  expect(members.map((each) => each.id)).toEqual(["root/header/0", "root/header/1/0", "root/header/2/header/0"]);
  expect(members[0]?.embed.chord).toEqual(body);
  expect(members[0]?.options).toMatchObject({ group_id: "root/header", group_index: 0 });
  expect(members[1]?.embed.chord).toBeNull();
  expect(members[1]?.embed.chain?.[0]?.options).toMatchObject({ chord: body, group_id: "root/header", group_index: 1 });
  expect(members[2]?.embed.chord?.options).toMatchObject({
    chord: body,
    chord_size: 1,
    group_id: "root/header",
    group_index: 2,
  });
});

it("waits for 5 members in Celery's own vector of sizes, where Celery waits for 6: a chain that ends in a group is one", () => {
  const header = [a, chain([a, group([a, a])]), group([a, a]), chord([a, a, a], a)];

  expect(calls(chord(header, b))[0]?.embed.chord?.options.chord_size).toBe(5);
});

it("starts a chord when it is told, both parts where they are told, and ends it with what is linked to it", () => {
  const options = { countdown: 3, queue: "slow", link: c, link_error: c, chain: [a], parent_id: "before" };
  const [member] = calls(chord([a], b), { options });

  expect(member?.options).toMatchObject({ countdown: 3, queue: "slow", parent_id: "before" });
  expect(member?.embed).toMatchObject({ callbacks: null, errbacks: null, chain: null });
  expect(member?.embed.chord?.options).toEqual({
    task_id: "root",
    queue: "slow",
    chord_size: 1,
    link: [c],
    link_error: [c],
    chain: [a],
  });
});

it("sends the body of a chord without members at once, with an empty list", () => {
  const { args, options } = only(chord([], task("b", 1)), { options: { parent_id: "before", root_id: "above" } });

  expect(args).toEqual([[], 1]);
  expect(options).toEqual({ task_id: "root", parent_id: "before", root_id: "above" });
});

it("sends nothing for a group without members", () => {
  expect(calls(group([]))).toEqual([]);
});

it("hands arguments to whoever starts, but not to what is immutable", () => {
  const given = { args: [1], kwargs: { x: 2 } };

  expect(calls(group([a, fixed("b", 9), chain([c, a])]), given).map((each) => [each.args, each.kwargs])).toEqual([
    [[1], { x: 2 }],
    [[9], {}],
    [[1], { x: 2 }],
  ]);
  expect(only(immutable(chain([a, b])), given).args).toEqual([]);
});

it("hands a chord's own named arguments to the members of its header", () => {
  const kept = clone(chord([a, b], c), { kwargs: { x: 1 } });

  expect(calls(kept, { kwargs: { y: 2 } }).map((each) => each.kwargs)).toEqual([
    { x: 1, y: 2 },
    { x: 1, y: 2 },
  ]);
});

it("does not tell the members of a header what is linked to the chord's errors", () => {
  const [member] = calls(chord([chord([a], b)], linkError(c, a)));

  expect(member?.embed).toMatchObject({ errbacks: null });
  expect(member?.embed.chord?.options).not.toHaveProperty("link_error");
});
