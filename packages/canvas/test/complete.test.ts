import {
  afterSuccess,
  chain,
  chord,
  completeChord,
  type CompleteOptions,
  type Consequence,
  expand,
  freeze,
  group,
  linkError,
} from "@umbel/canvas";
import { type ChordPart, failureOf, type Signature, TaskRevokedError } from "@umbel/protocol";
import { describe, expect, it } from "vitest";
import { atRoot, childId, fixed, task, withOptions } from "./build.ts";

const [a, b, c, d] = [task("a"), task("b"), task("c"), task("d")];
const options: CompleteOptions = { childId, now: Date.UTC(2026, 0, 1), root: "above" };
const boom = failureOf(new TypeError("boom"));
const failedFirst: ChordPart = { id: "one", index: 0, state: "FAILURE", result: boom };

/** The body that the members of a chord carry. */
function bodyOf(canvas: Signature): Signature {
  const [body] = expand(freeze(canvas, atRoot).signature).flatMap((each) => each.embed.chord ?? []);
  if (body === undefined) throw new Error("No member carries a body");
  return body;
}

function ok(index: number, result: unknown): ChordPart {
  return { id: `member ${index}`, index, state: "SUCCESS", result };
}

function callsIn(consequences: readonly Consequence[]) {
  return consequences.flatMap((each) => (each.kind === "call" ? [each.call] : []));
}

function settledIn(consequences: readonly Consequence[]) {
  return consequences.flatMap((each) => (each.kind === "settle" ? [`${each.id} ${each.state}`] : []));
}

describe("when all members have returned", () => {
  it("the body is sent with their values in order, after it its own arguments", () => {
    const [call, ...others] = callsIn(
      completeChord(bodyOf(chord([a, b], task("c", 9))), [ok(0, "x"), ok(1, "y")], options),
    );

    expect(others).toEqual([]);
    expect(call).toMatchObject({
      id: "root",
      args: [["x", "y"], 9],
      options: { root_id: "above", parent_id: "member 1" },
    });
    expect(call?.options).not.toHaveProperty("chord_size");
  });

  it("an immutable body gets its own arguments only", () => {
    expect(callsIn(completeChord(bodyOf(chord([a], fixed("c", 9))), [ok(0, "x")], options))[0]?.args).toEqual([9]);
  });

  it("a member that was ignored counts as null", () => {
    const parts: readonly ChordPart[] = [ok(0, "x"), { id: "two", index: 1, state: "IGNORED", result: null }];

    expect(callsIn(completeChord(bodyOf(chord([a, b], c)), parts, options))[0]?.args).toEqual([["x", null]]);
  });

  it("every member of a body that is a group gets the list", () => {
    const calls = callsIn(completeChord(bodyOf(chord([a], group([b, c]))), [ok(0, "x")], options));

    expect(calls.map(({ id, args }) => [id, args])).toEqual([
      ["root/body/0", [["x"]]],
      ["root/body/1", [["x"]]],
    ]);
  });
});

describe("the traces of the members", () => {
  const parent = `00-${"a".repeat(32)}-${"b".repeat(16)}-01`;
  const traced = (index: number) => ({ ...ok(index, index), traceparent: parent });

  it("are told to the body, to each of them where it is a group, beside its own headers", () => {
    const body = group([withOptions(b, { headers: { tenant: "acme" } }), c]);
    const calls = callsIn(completeChord(bodyOf(chord([a, a, a], body)), [traced(0), ok(1, 1), traced(2)], options));

    expect(calls.map((call) => call.options.headers)).toEqual([
      { tenant: "acme", trace_links: [parent, parent] },
      { trace_links: [parent, parent] },
    ]);
  });

  it("change nothing where no message had one", () => {
    const [call] = callsIn(completeChord(bodyOf(chord([a], c)), [ok(0, "x")], options));

    expect(call?.options).not.toHaveProperty("headers");
  });

  it("are as many as a span keeps, however many members there are", () => {
    const parts = Array.from({ length: 1000 }, (_, index) => traced(index));
    const [call] = callsIn(completeChord(bodyOf(chord([a], c)), parts, options));

    expect(call?.options.headers?.["trace_links"]).toHaveLength(128);
  });

  it("come with each member's end, as its message says, unless that is no trace", () => {
    const [call] = expand(freeze(chord([a], b), atRoot).signature);
    const partsOf = (traceparent: unknown) =>
      afterSuccess(
        {
          headers: { task: "a", id: "one", group: "g", traceparent },
          properties: {},
          body: [[], {}, call?.embed ?? {}],
        },
        1,
        options,
      ).flatMap((each) => (each.kind === "join" ? [each.part.traceparent] : []));

    expect(partsOf(parent)).toEqual([parent]);
    expect(partsOf("x".repeat(10_000))).toEqual([undefined]);
    expect(partsOf(7)).toEqual([undefined]);
  });
});

describe("when members have failed", () => {
  const parts: readonly ChordPart[] = [
    ok(0, "x"),
    { id: "two", index: 1, state: "FAILURE", result: boom },
    { id: "three", index: 2, state: "REVOKED", result: failureOf(new TaskRevokedError("expired")) },
  ];

  it("the body fails with the first of them in order, and what it raised as the cause", () => {
    const [settled, ...others] = completeChord(bodyOf(chord([a, b, c], d)), parts, options);

    expect(others).toEqual([]);
    expect(settled).toMatchObject({
      kind: "settle",
      id: "root",
      state: "FAILURE",
      result: {
        result: {
          exc_type: "ChordError",
          exc_message: ["Dependency two raised TypeError('boom')"],
          exc_module: "celery.exceptions",
          exc_cause: boom,
        },
        traceback: null,
      },
    });
  });

  it("a member that was revoked fails it, too", () => {
    const [settled] = completeChord(bodyOf(chord([a, b, c], d)), parts.slice(2), options);

    expect(settled).toMatchObject({
      state: "FAILURE",
      result: { result: { exc_message: ["Dependency three raised TaskRevokedError('expired')"] } },
    });
  });

  it.each([
    { title: "every step of a body that is a chain", body: chain([b, c]), ids: ["root/body/0", "root"] },
    { title: "every member of a body that is a group", body: group([b, c]), ids: ["root/body/0", "root/body/1"] },
    {
      title: "every task of a body that is a chord",
      body: chord([b, b], c),
      ids: ["root/body/header/0", "root/body/header/1", "root"],
    },
    { title: "nobody, of a body that is an empty group", body: group([]), ids: [] },
  ])("$title fails", ({ body, ids }) => {
    expect(settledIn(completeChord(bodyOf(chord([a], body)), [failedFirst], options))).toEqual(
      ids.map((id) => `${id} FAILURE`),
    );
  });

  it("what follows the chord fails as well", () => {
    const body = bodyOf(chain([chord([a], b), chord([c], d)]));

    expect(settledIn(completeChord(body, [failedFirst], options))).toEqual([
      "root/0 FAILURE",
      "root/1/header/0 FAILURE",
      "root FAILURE",
    ]);
  });

  it("a chord around it is told, by the body", () => {
    const body = bodyOf(chord([chord([a], b), c], d));

    expect(completeChord(body, [failedFirst], options).filter((each) => each.kind === "join")).toMatchObject([
      { group: "root/header", size: 2, part: { id: "root/header/0", index: 0, state: "FAILURE" }, root: "above" },
    ]);
  });

  it.each([
    { title: "of the body", body: linkError(b, d), id: "root" },
    { title: "of a chain, in the name of its first step", body: linkError(chain([b, c]), d), id: "root/body/0" },
    {
      title: "of a group, once, in the name of its first member",
      body: linkError(group([b, c]), d),
      id: "root/body/0",
    },
    { title: "of a chord, in the name of its body", body: linkError(chord([b], c), d), id: "root" },
    { title: "of the chord itself, as those of its body", body: b, id: "root" },
  ])("the errbacks $title are told", ({ body, id }) => {
    const calls = callsIn(completeChord(bodyOf(linkError(chord([a], body), d)), [failedFirst], options));

    expect(calls.map((each) => [each.id, each.args])).toMatchObject([
      [
        `${id}/errback/0`,
        [{ id, retries: 0, state: "FAILURE", excType: "ChordError", traceback: null, rootId: "above" }],
      ],
    ]);
    expect(calls[0]?.options).toMatchObject({ parent_id: id, root_id: "above" });
  });

  it("each errback of a group's members is told once", () => {
    const body = group([linkError(b, d), linkError(linkError(c, d), a)]);
    const calls = callsIn(completeChord(bodyOf(chord([a], body)), [failedFirst], options));

    expect(calls.map(({ id, task: name }) => [id, name])).toEqual([
      ["root/body/0/errback/0", "tasks.d"],
      ["root/body/0/errback/1", "tasks.a"],
    ]);
  });

  it("a body that collects runs, and gets the end of each", () => {
    const body = bodyOf(chord([a, b, c], chain([b, c]), { onError: "collect" }));
    const [call, ...others] = callsIn(
      completeChord(body, [...parts, { id: "four", index: 3, state: "IGNORED", result: null }], options),
    );

    expect(others).toEqual([]);
    expect(call?.args).toEqual([
      [
        { state: "SUCCESS", result: "x" },
        { state: "FAILURE", error: boom },
        { state: "REVOKED", error: failureOf(new TaskRevokedError("expired")) },
        { state: "SUCCESS", result: null },
      ],
    ]);
  });
});

it("says the same again when it is asked again", () => {
  const body = bodyOf(withOptions(chord([a], b), { link_error: d }));

  expect(completeChord(body, [failedFirst], options)).toEqual(completeChord(body, [failedFirst], options));
});
