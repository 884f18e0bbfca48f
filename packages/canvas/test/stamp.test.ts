import { describe, expect, it } from "vitest";
import { ImproperlyConfigured, type Signature } from "@umbel/protocol";
import {
  chain,
  chord,
  clone,
  expand,
  freeze,
  group,
  link,
  linkError,
  replacement,
  signature,
  stamp,
  stampsIn,
  type StampVisitor,
  whole,
} from "../src/index.ts";

const a = signature("a");
const b = signature("b");
const c = signature("c");

/** Says of each part what it is. */
const visitor: StampVisitor = {
  onSignature: () => ({ sig: 1 }),
  onGroupStart: () => ({ grp: 1 }),
  onChainStart: () => ({ chn: 1 }),
  onChordBody: () => ({ body: 1 }),
  onCallback: () => ({ cbk: 1 }),
  onErrback: () => ({ ebk: 1 }),
};

/** The names of the stamps on each call, by its task, callbacks and errbacks too. */
function stampsOn(of: Signature): Readonly<Record<string, readonly string[]>> {
  const calls = whole.tasksOf(of);
  const linked = calls.flatMap(({ options: { link: callbacks, link_error: errbacks } }) =>
    [callbacks ?? [], errbacks ?? []].flat(2),
  );
  return Object.fromEntries(
    [...calls, ...linked].map(({ task, options }) => [task, (options.stamped_headers ?? []).toSorted()]),
  );
}

describe("a visitor", () => {
  it.each<[what: string, of: Signature, stamps: Readonly<Record<string, readonly string[]>>]>([
    ["a group", group([a, b]), { a: ["grp", "sig"], b: ["grp", "sig"] }],
    ["a chord", chord([a], c), { a: ["grp", "sig"], c: ["body", "grp", "sig"] }],
    [
      "a call with links",
      linkError(link(a, signature("m")), signature("e")),
      { a: ["sig"], m: ["cbk", "sig"], e: ["ebk", "sig"] },
    ],
    [
      "what is nested",
      chain([a, group([b, c]), signature("d")]),
      { a: ["chn", "sig"], b: ["chn", "grp", "sig"], c: ["chn", "grp", "sig"], d: ["body", "chn", "grp", "sig"] },
    ],
  ])("stamps %s as Celery's", (_, of, stamps) => {
    expect(stampsOn(stamp(of, visitor))).toEqual(stamps);
  });

  it("stamps a chain, with a stamp of the caller's besides", () => {
    const stamped = stamp(chain([a, b]), visitor, { stamps: { k: "v" } });

    expect(stampsOn(stamped)).toEqual({ a: ["chn", "k", "sig"], b: ["chn", "k", "sig"] });
    expect(stampsIn(whole.tasksOf(stamped)[1]?.options ?? {})).toEqual({ chn: 1, k: "v", sig: 1 });
  });

  it("is asked in Celery's order: the container, its links, its parts, its end", () => {
    const asked: string[] = [];
    const note = (name: string) => (part: Signature) => void asked.push(`${name} ${part.task.replace("celery.", "")}`);
    const canvas = chord([link(a, signature("m")), chain([b, c])], signature("d"));

    stamp(canvas, {
      onSignature: note("signature"),
      onGroupStart: note("group"),
      onGroupEnd: note("group end"),
      onChainStart: note("chain"),
      onChainEnd: note("chain end"),
      onChordHeaderStart: note("header"),
      onChordHeaderEnd: note("header end"),
      onChordBody: note("body"),
      onCallback: note("callback"),
    });

    expect(asked).toEqual([
      "header chord",
      "callback m",
      "signature m",
      "signature a",
      "chain chain",
      "signature b",
      "signature c",
      "chain end chain",
      "header end chord",
      "body chord",
      "signature d",
    ]);
  });

  it("is asked of a header as of a group when it says nothing of headers, once", () => {
    const asked: string[] = [];

    stamp(chord([a], c), {
      onGroupStart: (part) => void asked.push(`start ${part.task}`),
      onGroupEnd: (part) => void asked.push(`end ${part.task}`),
    });

    expect(asked).toEqual(["start celery.group", "end celery.group"]);
  });

  it("is told what a part has inherited", () => {
    const inherited: unknown[] = [];

    stamp(group([a]), {
      onGroupStart: (_, from) => ({ depth: 1, seen: from }),
      onSignature: (_, from) => void inherited.push(from),
    });

    expect(inherited).toEqual([{ depth: 1, seen: {} }]);
  });

  it("may be an instance of a class", () => {
    class Tenant implements StampVisitor {
      readonly #name = "acme";
      onSignature() {
        return { tenant: this.#name };
      }
      onCallback() {
        return { of: this.#name };
      }
    }

    const stamped = stamp(link(a, b), new Tenant());

    expect(stampsOn(stamped)).toEqual({ a: ["tenant"], b: ["of", "tenant"] });
  });
});

describe("stamps", () => {
  it("go to every call of a canvas and to its links, and stay on no container", () => {
    const stamped = stamp(chain([link(a, signature("m")), group([b, c])]), { k: "v" });

    expect(stampsOn(stamped)).toEqual({ a: ["k"], m: ["k"], b: ["k"], c: ["k"] });
    expect(stamped.options).toEqual({});
  });

  it("do not pass from a call to its links: these get what the call inherits", () => {
    const own = stamp(a, { own: 1 });

    expect(stampsOn(stamp(link(own, signature("m")), { k: 1 }))).toEqual({ a: ["k", "own"], m: ["k"] });
  });

  it.each([
    ["replace what is there", false, "y"],
    ["come before what is there when they are appended", true, ["y", "x"]],
  ])("%s", (_, append, value) => {
    const once = stamp(a, { k: "x" });

    expect(stampsIn(stamp(once, { k: "y" }, { append }).options)).toEqual({ k: value });
  });

  it("once on a signature are kept when options are merged, and others come beside them", () => {
    const stamped = stamp(a, { st: "a" });

    const merged = clone(stamped, { options: { st: "b", other: 1, stamped_headers: ["st", "other"] } });

    expect(stampsIn(merged.options)).toEqual({ st: "a", other: 1 });
  });

  it("that are set on a chain when it is applied reach each of its steps", () => {
    const frozen = freeze(chain([a, group([b, c])]), { id: "1", childId: (parent, name) => `${parent}/${name}` });

    const [first] = expand(clone(frozen.signature, { options: { k: "v", stamped_headers: ["k"] } }));

    expect(stampsIn(first?.options ?? {})).toEqual({ k: "v" });
    const rest = first?.embed.chain?.at(-1) ?? a;
    expect(stampsOn(rest)).toEqual({ b: ["k"], c: ["k"] });
  });

  it("may be null", () => {
    expect(stampsIn(stamp(a, { k: null }).options)).toEqual({ k: null });
  });

  it.each(["queue", "task_id", "stamped_headers", "link"])(
    "are refused by the name %s, which an option has",
    (name) => {
      expect(() => stamp(a, { [name]: "x" })).toThrow(ImproperlyConfigured);
    },
  );

  it("are refused when they are no JSON, with their place", () => {
    expect(() => stamp(a, { when: new Date() })).toThrow("stamps.when: a Date is not JSON");
  });

  it("leave a signature as it was", () => {
    stamp(chain([a, b]), { k: 1 });

    expect([a.options, b.options]).toEqual([{}, {}]);
    expect(stamp(a, {})).toEqual(a);
  });

  it("of a foreign call that are named as options are do not go over to what replaces it", () => {
    const call = { id: "id", root: "root", parent: null, group: null, index: null, embed: {}, attempt: 0, nesting: 0 };
    const stamps = { task_id: "another", chord: null, tenant: "acme" };

    const { options } = replacement(a, { ...call, stamps, isIgnored: false }, (parent, name) => `${parent}/${name}`);

    expect(options).toMatchObject({ task_id: "id", tenant: "acme", stamped_headers: ["tenant"] });
  });
});
