import { describe, expect, it } from "vitest";
import { type Body, checkCount, parametersOf, type ParametersGiven } from "../src/parameters.ts";

const unit = "m";

const add = (x: number, y: number) => x + y;
const three = (x: number, y: number, z: number) => x + y + z;
const maybe = (x: number, y?: number) => [x, y];
const measure = (x: number, y = 2) => x + y;

function unnamed(x: number): unknown {
  // oxlint-disable-next-line prefer-rest-params: what is tested
  return [x, arguments.length];
}

const bodies: readonly (readonly [what: string, body: Body, most: number | undefined])[] = [
  ["an arrow of two", (x: number, y: number) => x + y, 2],
  ["an arrow of one", (x: number) => x, 1],
  ["an arrow of none", () => 1, 0],
  ["an async arrow", async (x: number, y: number) => await Promise.resolve(x + y), 2],
  ["a default", (x: number, y = 2) => x + y, 2],
  ["a text for a default", (x: number, y = "km") => `${x}${y}`, 2],
  ["a name for a default", (x: number, y = unit) => `${x}${y}`, 2],
  ["a default that is called", (x: number, y = String(1)) => `${x}${y}`, undefined],
  ["a default in braces", (x: number, y = { a: ")" }) => [x, y], undefined],
  ["a rest", (x: number, ...rest: number[]) => [x, rest], undefined],
  ["a list taken apart", ([a, b]: number[], c: number) => [a, b, c], 2],
  ["an object taken apart", (x: number, { a, b = 2 }: { a: number; b?: number }) => [x, a, b], 2],
  ["an object taken apart, texts in it", ({ a = "," }: { a?: string }, y: number) => [a, y], undefined],
];

describe("what is known of a body's parameters", () => {
  it.each(bodies)("of %s", (...[, body, most]) => {
    expect(parametersOf(body, {})).toMatchObject({ required: 0, most });
  });

  it("of a function that reads its arguments without naming them", () => {
    expect(parametersOf(unnamed, {})).toMatchObject({ most: undefined });
  });

  it("of names that must be given, and of those that may be left out", () => {
    expect(parametersOf(maybe, { params: ["x", "y?"] })).toMatchObject({ names: ["x", "y"], required: 1, most: 2 });
    expect(parametersOf(add, { params: ["x", "y"] })).toMatchObject({ names: ["x", "y"], required: 2, most: 2 });
    expect(parametersOf(measure, { params: ["x", "y"] })).toMatchObject({ required: 1, most: 2 });
  });

  it("of a method, and of a function without a text", () => {
    const methods = {
      async add(this: void, x: number, y: number) {
        return await Promise.resolve(x + y);
      },
    };

    expect(parametersOf(methods.add, {})).toMatchObject({ most: 2 });
    expect(parametersOf(Math.max, {})).toMatchObject({ most: undefined });
  });

  it.each<readonly [string, Body, ParametersGiven, object]>([
    ["the running call", (task: object, x: number) => [task, x], { bind: true }, { most: 1, places: 1 }],
    [
      "what is given by name",
      (x: number, { debug }: { debug: boolean }) => [x, debug],
      { hasNamed: true },
      { most: 1, places: 1 },
    ],
    [
      "both",
      (task: object, x: number, { debug }: { debug: boolean }) => [task, x, debug],
      { bind: true, hasNamed: true },
      { most: 1, places: 1 },
    ],
    [
      "what is given by name, after a default",
      (x: number, y = 2, { debug }: { debug?: boolean } = {}) => [x, y, debug],
      { hasNamed: true },
      { most: 2, places: 2 },
    ],
    [
      "what is given by name, after more names than can be counted",
      (x: number, y = String(x), { debug }: { debug?: boolean } = {}) => [x, y, debug],
      { hasNamed: true, params: ["x", "y"] },
      { most: undefined, places: 2 },
    ],
  ])("leaves out %s", (...[, body, given, expected]) => {
    expect(parametersOf(body, given)).toMatchObject(expected);
  });
});

describe("a wrong number of arguments", () => {
  it.each<readonly [Body, readonly string[], readonly unknown[], string]>([
    [add, [], [1, 2, 3], "t() takes 2 positional arguments but 3 were given"],
    [(x: number) => x, [], [1, 2], "t() takes 1 positional argument but 2 were given"],
    [() => 1, [], [1], "t() takes 0 positional arguments but 1 was given"],
    [measure, ["x", "y"], [1, 2, 3], "t() takes from 1 to 2 positional arguments but 3 were given"],
    [add, ["x", "y"], [1], "t() missing 1 required positional argument: 'y'"],
    [add, ["x", "y"], [], "t() missing 2 required positional arguments: 'x' and 'y'"],
    [three, ["x", "y", "z"], [], "t() missing 3 required positional arguments: 'x', 'y', and 'z'"],
    [add, ["x", "y"], Object.assign([], { 1: 2 }), "t() missing 1 required positional argument: 'x'"],
  ])("is told in Python's words: %#", (...[body, params, args, says]) => {
    const check = () => checkCount("t", parametersOf(body, { params }), args);

    expect(check).toThrow(TypeError);
    expect(check).toThrow(says);
  });
});
