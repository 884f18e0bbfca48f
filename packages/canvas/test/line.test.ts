import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chain, clone, group, immutable, line, link, linkError, signature, whole } from "../src/index.ts";

const ids = { id: "id", childId: (parent: string, name: string) => `${parent}/${name}` };

/** Tasks, some with options, some with callbacks, some immutable. */
const task = fc
  .record({
    name: fc.constantFrom("a", "b"),
    args: fc.array(fc.integer(), { maxLength: 2 }),
    options: fc.record(
      {
        queue: fc.constant("mail"),
        countdown: fc.constant(3),
        task_id: fc.constant("own"),
        group_id: fc.constant("g"),
      },
      { requiredKeys: [] },
    ),
    changes: fc.subarray([immutable, linked, guarded]),
  })
  .map(({ name, args, options, changes }) =>
    changes.reduce((made, change) => change(made), signature(name, { args, options })),
  );

function linked(of: ReturnType<typeof signature>) {
  return link(of, chain([signature("told"), signature("told again")]));
}

function guarded(of: ReturnType<typeof signature>) {
  return linkError(of, signature("warned"));
}

describe("the algebra of lines", () => {
  it("makes of tasks what the whole algebra makes of them", () => {
    const given = { args: [7], kwargs: { k: 1 }, options: { countdown: 1, root_id: "root" } };
    fc.assert(
      fc.property(fc.array(task, { minLength: 1, maxLength: 5 }), (tasks) => {
        const made = tasks.reduce(line.pipe);
        const frozen = line.freeze(linked(made), ids);

        expect(made).toEqual(tasks.reduce(whole.pipe));
        expect(frozen).toEqual(whole.freeze(linked(made), ids));
        expect(line.expand(clone(frozen.signature, given))).toEqual(whole.expand(clone(frozen.signature, given)));
        expect(line.expand(frozen.signature)).toEqual(whole.expand(frozen.signature));
        expect(line.print(made)).toBe(whole.print(made));
      }),
    );
  });

  it("pipes chains as the whole algebra does", () => {
    const left = chain([signature("a"), signature("b")]);
    const right = clone(chain([signature("c"), signature("d")]), { options: { queue: "mail" } });

    expect(line.pipe(left, right)).toEqual(whole.pipe(left, right));
    expect(() => line.freeze(chain([]), ids)).toThrow("An empty chain cannot be sent");
  });

  it("refuses a group, and says where one that came as data is taken", () => {
    expect(() => line.freeze(group([signature("a")]), ids)).toThrow("signature(app, data)");
  });
});
