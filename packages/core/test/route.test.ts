import { describe, expect, it } from "vitest";
import { checkRoute, type Route, type RoutedCall, routeOf as route } from "../src/route.ts";

/** Where a call of this name goes. */
function routeOf(routes: Route, name: string): ReturnType<typeof route> {
  return route(routes, callOf(name));
}

function callOf(name: string, more: Partial<RoutedCall> = {}): RoutedCall {
  return { name, args: [], kwargs: {}, options: {}, task: undefined, ...more };
}

/** The routes of celery-semantics.md 2.5; a regular expression is a pair, for a record's keys are texts. */
const routes: readonly Route[] = [
  { "a.b": { queue: "q1" }, "a.*": "q2" },
  [/(x|y)\..*/, "q3"],
  { "a.c*": "q4", s: "qs" },
];

const own: Route = (name) => (name === "mine" ? { queue: "own", priority: 9 } : undefined);

describe("a route", () => {
  it.each([
    { name: "a.b", queue: "q1", why: "an exact name comes before a pattern" },
    { name: "a.c", queue: "q2", why: "the first pattern wins" },
    { name: "a.", queue: "q2", why: "a star may stand for nothing" },
    { name: "A.b", queue: undefined, why: "case matters" },
    { name: "x.1", queue: "q3", why: "a regular expression matches" },
    { name: "zx.1", queue: undefined, why: "a regular expression starts at the start" },
    { name: "y.", queue: "q3", why: "a regular expression may end early" },
    { name: "s", queue: "qs", why: "a text is a queue" },
    { name: "sa", queue: undefined, why: "a name is a whole name" },
    { name: "b.a.b", queue: undefined, why: "a pattern is for the whole name" },
    { name: "constructor", queue: undefined, why: "only a record's own names count" },
  ])("sends $name to $queue: $why", ({ name, queue }) => {
    expect(routeOf(routes, name).queue).toBe(queue);
  });

  it.each([
    { pattern: "shop.*", name: "shop.order.pay", is: true },
    { pattern: "*.pay", name: "shop.pay", is: true },
    { pattern: "shop.?*", name: "shop.", is: false },
    { pattern: "shop.[ab]*", name: "shop.b1", is: true },
    { pattern: "shop.[ab]*", name: "shop.c1", is: false },
    { pattern: "shop.[!ab]*", name: "shop.c1", is: true },
    { pattern: "shop.[!ab]*", name: "shop.a1", is: false },
    { pattern: "shop.[a-c]*", name: "shop.b", is: true },
    { pattern: "shop.[*", name: "shop.[x", is: true },
    { pattern: "shop.[]]*", name: "shop.]x", is: true },
    { pattern: "shop.[^a]*", name: "shop.^", is: true },
    { pattern: "a+b.*", name: "a+b.c", is: true },
    { pattern: "a+b.*", name: "aab.c", is: false },
    { pattern: "shop.*", name: "shop.\n", is: true },
  ])("with the pattern $pattern takes $name: $is", ({ pattern, name, is }) => {
    expect(routeOf([{ [pattern]: "q" }], name).queue).toBe(is ? "q" : undefined);
    expect(routeOf([[pattern, "q"]], name).queue).toBe(is ? "q" : undefined);
  });

  it("may be a function, which may leave a name to the next route", () => {
    expect(routeOf([own, { "*": "rest" }], "mine")).toEqual({ queue: "own", priority: 9 });
    expect(routeOf([own, { "*": "rest" }], "other")).toEqual({ queue: "rest" });
  });

  it("says nothing where none knows the name", () => {
    expect(routeOf([], "any")).toEqual({});
  });

  it("matches a regular expression that remembers where it was", () => {
    const sticky = /a/g;
    sticky.lastIndex = 1;

    expect(routeOf([[sticky, "q"]], "a").queue).toBe("q");
    expect(routeOf([[sticky, "q"]], "a").queue).toBe("q");
  });

  it.each([
    { name: "t1", target: { queue: "r1", priority: 5 } },
    { name: "t2", target: { queue: "rt" } },
    { name: "other", target: {} },
  ])("of a record may be a queue with a priority: $name", ({ name, target }) => {
    expect(routeOf([{ t1: { queue: "r1", priority: 5 }, "t*": { queue: "rt" } }], name)).toEqual(target);
  });

  it.each([
    { name: "a.b", queue: "exact", why: "an exact name comes first, wherever it stands" },
    { name: "a.c", queue: "glob", why: "then patterns in order" },
  ])("list of pairs is one route: $name goes to $queue, $why", ({ name, queue }) => {
    const pairs: Route = [
      ["a.*", "glob"],
      [/a\..*/, "expression"],
      ["a.b", "exact"],
    ];

    expect(routeOf(pairs, name)).toEqual({ queue });
    expect(routeOf([[pairs], { "*": "rest" }], name)).toEqual({ queue });
  });

  it("list within a list is tried in its place", () => {
    const nested: Route = [[{ "b.*": "first" }, [["a.*", "second"]]], [[[{ "a.*": "third", c: "fourth" }]]]];

    expect(routeOf(nested, "b.x")).toEqual({ queue: "first" });
    expect(routeOf(nested, "a.x")).toEqual({ queue: "second" });
    expect(routeOf(nested, "c")).toEqual({ queue: "fourth" });
  });

  it("may be one record, one pair or one function, without a list", () => {
    expect(routeOf({ a: "q" }, "a")).toEqual({ queue: "q" });
    expect(routeOf(["a", "q"], "a")).toEqual({ queue: "q" });
    expect(routeOf(own, "mine")).toEqual({ queue: "own", priority: 9 });
  });

  it("that is a function is told of the call: name, arguments, options, and how the task is declared", () => {
    const call = callOf("shop.add", {
      args: [1],
      kwargs: { y: 2 },
      options: { queue: "given", headers: { tenant: "a" } },
      task: { name: "shop.add", queue: "declared" },
    });
    const seen: unknown[] = [];

    route((...told) => void seen.push(...told), call);

    expect(seen).toEqual(["shop.add", [1], { y: 2 }, call.options, call.task]);
  });

  it("that is a function may answer null, as in Celery", () => {
    expect(routeOf([() => null, { "*": "rest" }], "any")).toEqual({ queue: "rest" });
  });

  it("with a part that is neither queue nor priority is refused, when it is set and when a function says it", () => {
    const target = { queue: "q", routing_key: "q" };

    expect(() => checkRoute([{ "a.*": target }])).toThrow(
      'There is no part "routing_key" of the route of a.*; there are queue, priority',
    );
    expect(() => routeOf(() => target, "a.b")).toThrow('There is no part "routing_key" of the route of a.b');
  });

  it.each([
    { route: { a: "" }, reason: 'queue is "": give a name' },
    { route: [[/a/, { priority: 10 }]], reason: "priority is 10: give a whole number from 0 to 9" },
    { route: [[{ a: { priority: 1.5 } }]], reason: "priority is 1.5" },
  ] satisfies readonly { route: Route; reason: string }[])("that leads nowhere is refused: $reason", (given) => {
    expect(() => checkRoute(given.route)).toThrow(given.reason);
  });

  it("that is a pattern and leads nowhere is refused, where no compiler has seen it", () => {
    expect(() => Reflect.apply(checkRoute, undefined, [[[/a/]]])).toThrow("give names and where they lead, as");
  });
});
