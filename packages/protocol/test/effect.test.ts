import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type ChordPart,
  decodeChordPart,
  decodeEffects,
  type Effect,
  encodeChordPart,
  encodeEffects,
  InvalidMessageError,
} from "../src/index.ts";
import { arbitraryJson } from "./arbitrary-json.ts";
import { runs } from "./runs.ts";

const id = fc.uuid();
const state = fc.constantFrom("SUCCESS", "FAILURE", "REVOKED", "IGNORED");

const part: fc.Arbitrary<ChordPart> = fc.record({
  id,
  index: fc.option(fc.nat()),
  state,
  result: arbitraryJson,
});

const send: fc.Arbitrary<Effect> = fc
  .tuple(id, fc.array(arbitraryJson, { maxLength: 3 }), fc.nat())
  .map(([task, args, notBefore]) => ({
    kind: "send",
    publication: {
      message: { headers: { task: "shop.add", id: task }, properties: { generation: 1 }, body: [args, {}, null] },
      queue: "default",
      notBefore,
      deduplicationId: task,
    },
  }));

const roots = fc.constantFrom("one", "other");

const settle: fc.Arbitrary<Effect> = fc.tuple(id, state, arbitraryJson, roots).map(([task, ended, result, root]) => ({
  kind: "settle",
  id: task,
  state: ended,
  root,
  result: { status: ended, result, traceback: null, children: [], date_done: null, task_id: task },
}));

const join: fc.Arbitrary<Effect> = fc.tuple(part, id, fc.integer({ min: 1 })).map(([member, group, size]) => ({
  kind: "join",
  part: member,
  group,
  size,
  body: {
    task: "shop.sum",
    args: [],
    kwargs: {},
    options: { on_error: "collect" },
    subtask_type: null,
    immutable: false,
  },
  root: group,
}));

/** A node's end, for a reason that other nodes have in common. */
function alikeEnd(task: number, group: object, traceback: string): Effect {
  const failure = { exc_type: "RangeError", exc_message: ["too far"], exc_module: null };
  const whose = { task_id: String(task), ...group };
  const result = { status: "FAILURE", result: failure, traceback, children: [], date_done: null, ...whose };
  return { kind: "settle", id: String(task), state: "FAILURE", result, root: `root-${task % 2}`.repeat(50) };
}

describe("effects", () => {
  it("are stored and read again as they were", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(send, settle, join), { maxLength: 4 }), (effects) => {
        expect(decodeEffects(encodeEffects(effects))).toEqual(effects);
      }),
      { numRuns: runs },
    );
  });

  it("that end many nodes for the same reason hold it once", () => {
    const groups = [{}, { group_id: "g" }, { group_id: null }];
    const effects = Array.from({ length: 300 }, (_, task) =>
      alikeEnd(task, groups[task % 3] ?? {}, (task % 2 === 0 ? "a" : "b").repeat(10_000)),
    );

    const text = encodeEffects(effects);

    expect(decodeEffects(text)).toEqual(effects);
    expect(text.length).toBeLessThan(50_000);
  });

  it("that end many nodes by one error write it a few times only, not once for each", () => {
    let written = 0;
    const failure = {
      exc_type: "RangeError",
      exc_module: null,
      get exc_message() {
        written += 1;
        return ["too far"];
      },
    };
    const effects = Array.from({ length: 300 }, (_, task): Effect => {
      const result = { status: "FAILURE", result: failure, traceback: null, children: [], date_done: null };
      return { kind: "settle", id: String(task), state: "FAILURE", result: { ...result, task_id: String(task) } };
    });

    encodeEffects(effects);

    expect(written).toBeLessThan(10);
  });

  it.each([
    ["{}", "Effects: expected array, found object"],
    ['[{"kind":"store"}]', "Effects: 0.kind"],
    ['[{"kind":"send"}]', "Effects: 0.publication is missing"],
    [
      '[{"kind":"settle","id":"1","state":"RETRY"}]',
      "Effects: 0.state: expected one of SUCCESS, FAILURE, REVOKED, IGNORED",
    ],
    ['[{"kind":"settle","id":"1","state":"FAILURE","as":7}]', "Effects: 0"],
  ])("are not read from %s", (text, problem) => {
    expect(() => decodeEffects(text)).toThrow(InvalidMessageError);
    expect(() => decodeEffects(text)).toThrow(problem);
  });
});

describe("a chord's part", () => {
  it("is stored and read again as it was", () => {
    fc.assert(
      fc.property(part, (member) => {
        expect(decodeChordPart(encodeChordPart(member))).toEqual(member);
      }),
      { numRuns: runs },
    );
  });
});
