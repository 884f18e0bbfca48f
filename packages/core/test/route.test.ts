import { describe, expect, it } from "vitest";
import { type Route, routeOf } from "../src/route.ts";

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
});
