/** The table of delivery.md 14, and who hears of an end: celery-semantics.md 3.8. */
import {
  afterFailure,
  afterIgnored,
  afterRevoked,
  afterSuccess,
  type Call,
  chain,
  chord,
  type Consequence,
  expand,
  type Following,
  freeze,
  group,
  link,
  linkError,
} from "@umbel/canvas";
import { failureOf, type Signature, TaskRevokedError } from "@umbel/protocol";
import { describe, expect, it } from "vitest";
import { atRoot, childId, fixed, task, withOptions } from "./build.ts";
import { messageOf } from "./world.ts";

const [a, b, c, d] = [task("a"), task("b"), task("c"), task("d")];
const following: Following = { childId, now: Date.UTC(2026, 0, 1) };
const failure = failureOf(new Error("boom"));

/** What is told of it to those that waited. */
const toldOf = (id: string) => ({ ...failure, exc_origin: { id, task: "tasks.a" } });
const reason = failureOf(new TaskRevokedError("expired"));

/** The message of the first call of a canvas. */
function first(canvas: Signature) {
  const [call] = expand(freeze(canvas, atRoot).signature, { options: { root_id: "above" } });
  if (call === undefined) throw new Error("Nothing is sent");
  return messageOf(call);
}

function callsIn(consequences: readonly Consequence[]): readonly Call[] {
  return consequences.flatMap((each) => (each.kind === "call" ? [each.call] : []));
}

function settledIn(consequences: readonly Consequence[]) {
  return consequences.flatMap((each) => (each.kind === "settle" ? [`${each.id} ${each.state}`] : []));
}

function joinedIn(consequences: readonly Consequence[]) {
  return consequences.flatMap((each) => (each.kind === "join" ? [each.part] : []));
}

describe("of a task that has returned", () => {
  it("each callback is sent with the value first, under an id that is known in advance", () => {
    const calls = callsIn(afterSuccess(first(link(link(a, task("log", 1)), fixed("done", 2))), "value", following));

    expect(calls.map(({ id, task: name, args }) => [id, name, args])).toEqual([
      ["root/link/0", "tasks.log", ["value", 1]],
      ["root/link/1", "tasks.done", [2]],
    ]);
    expect(calls.every(({ options }) => options.root_id === "above" && options.parent_id === "root")).toBe(true);
  });

  it("a callback may be a canvas", () => {
    const calls = callsIn(afterSuccess(first(link(a, chain([b, c]))), "value", following));

    expect(calls.map((each) => [each.id, each.args])).toEqual([["root/link/0/0", ["value"]]]);
    expect(calls[0]?.embed.chain?.[0]?.options.task_id).toBe("root/link/0");
  });

  it("the next step of its chain is sent with the value, and the rest with it", () => {
    const [next, ...others] = callsIn(afterSuccess(first(chain([a, task("b", 1), c])), "value", following));

    expect(others).toEqual([]);
    expect(next).toMatchObject({
      id: "root/1",
      args: ["value", 1],
      options: { parent_id: "root/0", root_id: "above" },
    });
    expect(next?.embed.chain?.map((each) => each.task)).toEqual(["tasks.c"]);
  });

  it("a last step knows that nothing is left", () => {
    expect(callsIn(afterSuccess(first(chain([a, b])), "value", following))[0]?.embed.chain).toEqual([]);
  });

  it("every member of a group that comes next gets the value", () => {
    const calls = callsIn(afterSuccess(first(chain([a, group([b, fixed("c", 1)])])), "value", following));

    expect(calls.map((each) => each.args)).toEqual([["value"], [1]]);
  });

  it("the chord that waits for it is told the value", () => {
    expect(afterSuccess(first(chord([a, b], c)), "value", following)).toEqual([
      {
        kind: "join",
        part: { id: "root/header/0", index: 0, state: "SUCCESS", result: "value" },
        group: "root/header",
        size: 2,
        body: withOptions(c, { task_id: "root", chord_size: 2 }),
        root: "above",
      },
    ]);
  });

  it("nothing follows when nothing waits", () => {
    expect(afterSuccess(first(a), "value", following)).toEqual([]);
    expect(afterSuccess({ ...first(a), body: [[], {}, null] }, "value", following)).toEqual([]);
  });

  it("a chord that does not say for how many it waits is refused", () => {
    const message = first(chord([a], c));
    const [args, kwargs] = message.body;

    expect(() => afterSuccess({ ...message, body: [args, kwargs, { chord: c }] }, 1, following)).toThrow(/chord_size/u);
    expect(() => afterSuccess({ ...message, headers: { ...message.headers, group: null } }, 1, following)).toThrow(
      /group/u,
    );
  });
});

describe("of a task that has failed", () => {
  it("the rest of its chain is stored as failed for the same reason", () => {
    const [second, third] = afterFailure(first(chain([a, b, c])), { failure, traceback: "here" }, following);

    const result = {
      status: "FAILURE",
      result: toldOf("root/0"),
      traceback: "here",
      children: [],
      date_done: "2026-01-01T00:00:00.000000+00:00",
    };
    expect(second).toEqual({
      kind: "settle",
      id: "root/1",
      state: "FAILURE",
      result: { ...result, task_id: "root/1" },
      root: "above",
    });
    expect(third).toMatchObject({
      id: "root",
      state: "FAILURE",
      result: { ...result, task_id: "root" },
      root: "above",
    });
  });

  it.each([
    { title: "every member of a group at the end", canvas: chain([a, group([b, c])]), ids: ["root/1/0", "root/1/1"] },
    {
      title: "every member of a chord, its body and all after it",
      canvas: chain([a, chord([b, chain([b, c])], c), group([d])]),
      ids: ["root/1/header/0", "root/1/header/1/0", "root/1/header/1", "root/1/body/0", "root/1/body/1/0"],
    },
    {
      title: "a chord inside a chord, and what is inside that",
      canvas: chain([a, chord([chord([b], c)], d)]),
      ids: ["root/1/header/0/header/0", "root/1/header/0", "root"],
    },
  ])("$title fail with it", ({ canvas, ids }) => {
    const consequences = afterFailure(first(canvas), { failure }, following);

    expect(settledIn(consequences)).toEqual(ids.map((id) => `${id} FAILURE`));
    expect(joinedIn(consequences)).toEqual([]);
  });

  it("the chord is told by the task that would have ended its member", () => {
    const joined = joinedIn(afterFailure(first(chord([chain([a, b]), c], d)), { failure }, following));

    expect(joined).toEqual([{ id: "root/header/0", index: 0, state: "FAILURE", result: toldOf("root/header/0/0") }]);
  });

  it("a chord inside the header joins the outer chord as failed, once", () => {
    const joined = joinedIn(afterFailure(first(chord([chain([a, chord([b, c], d)]), c], d)), { failure }, following));

    expect(joined).toEqual([{ id: "root/header/0", index: 0, state: "FAILURE", result: toldOf("root/header/0/0") }]);
  });

  it("nothing is stored for steps whose results are ignored, unless errors are kept even so", () => {
    const message = first(chain([a, withOptions(b, { ignore_result: true })]));

    expect(afterFailure(message, { failure }, following)).toEqual([
      { kind: "settle", id: "root", state: "FAILURE", root: "above" },
    ]);
    expect(afterFailure(message, { failure }, { ...following, keepsErrors: () => true })).toMatchObject([
      { id: "root", result: { result: failure } },
    ]);
  });

  it("each errback gets the failure, then its own arguments; an immutable one only those", () => {
    const failing = linkError(
      linkError(linkError(task("div", 4, 0), task("log", "e")), fixed("alert", 9)),
      chain([b, c]),
    );
    const calls = callsIn(afterFailure(first(failing), { failure, traceback: "here" }, following));

    const failed = {
      id: "root",
      task: "tasks.div",
      args: [4, 0],
      kwargs: {},
      retries: 0,
      state: "FAILURE",
      excType: "Error",
      excMessage: "boom",
      traceback: "here",
      rootId: "above",
    };
    expect(calls.map(({ id, task: name, args }) => [id, name, args])).toEqual([
      ["root/errback/0", "tasks.log", [failed, "e"]],
      ["root/errback/1", "tasks.alert", [9]],
      ["root/errback/2/0", "tasks.b", [failed]],
    ]);
    expect(calls.every(({ options }) => options.root_id === "above" && options.parent_id === "root")).toBe(true);
  });

  it("an errback of the whole chain is told once, of one that every step has", () => {
    const canvas = linkError(chain([a, linkError(b, d), c]), d);
    const [next] = callsIn(afterSuccess(first(canvas), 1, following));
    if (next === undefined) throw new Error("The chain has ended");

    const calls = callsIn(afterFailure(messageOf(next), { failure }, following));

    expect(calls.map(({ id, args }) => [id, args])).toMatchObject([["root/1/errback/0", [{ id: "root/1" }]]]);
  });

  it("errbacks of steps that were not reached are not told", () => {
    expect(callsIn(afterFailure(first(chain([a, linkError(b, d)])), { failure }, following))).toEqual([]);
  });

  it("callbacks are not sent", () => {
    expect(afterFailure(first(link(a, b)), { failure }, following)).toEqual([]);
  });
});

describe("of a task that was revoked or has expired", () => {
  it("the rest of the chain is revoked, errbacks are told, and the chord counts it as failed", () => {
    const canvas = chord([linkError(chain([a, b]), d)], c);
    const consequences = afterRevoked(first(canvas), { failure: reason }, following);

    expect(callsIn(consequences).map(({ args }) => args)).toMatchObject([
      [{ state: "REVOKED", excType: "TaskRevokedError", excMessage: "expired", traceback: null }],
    ]);
    expect(settledIn(consequences)).toEqual(["root/header/0 REVOKED"]);
    const told = { ...reason, exc_origin: { id: "root/header/0/0", task: "tasks.a" } };
    expect(joinedIn(consequences)).toEqual([{ id: "root/header/0", index: 0, state: "REVOKED", result: told }]);
  });
});

describe("of a task that asked to be ignored", () => {
  it("the rest of the chain is revoked for that reason, and nobody is told", () => {
    const consequences = afterIgnored(first(linkError(link(chain([a, b]), c), d)), following);

    expect(consequences).toMatchObject([
      {
        kind: "settle",
        state: "REVOKED",
        result: { result: { exc_type: "TaskRevokedError", exc_message: ["ignored"] } },
      },
    ]);
  });

  it.each([
    { title: "alone", canvas: chord([a, b], c) },
    { title: "as a step of a chain", canvas: chord([chain([a, b]), b], c) },
    { title: "before a chord inside the header", canvas: chord([chain([a, chord([b], d)]), b], c) },
  ])("the chord goes on without its value when it is a member $title", ({ canvas }) => {
    const joined = joinedIn(afterIgnored(first(canvas), following));

    expect(joined).toEqual([{ id: "root/header/0", index: 0, state: "IGNORED", result: null }]);
  });
});

it("says the same again when it is asked again", () => {
  const message = first(linkError(link(chain([a, chord([b], c)]), d), d));

  expect(afterSuccess(message, [1], following)).toEqual(afterSuccess(message, [1], following));
  expect(afterFailure(message, { failure }, following)).toEqual(afterFailure(message, { failure }, following));
});
