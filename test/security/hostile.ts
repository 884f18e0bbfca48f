/**
 * What an attacker sends: texts, values and mutations of good messages, for property tests.
 *
 * @module
 */

import * as fc from "fast-check";

/** How many cases a property is tried on. */
export const runs: number = process.env["UMBEL_TEST_LEVEL"] === "full" ? 10_000 : 300;

/** Names that every object has, and others that trip programs. */
export const trickyNames: readonly string[] = [
  "__proto__",
  "constructor",
  "prototype",
  "toString",
  "valueOf",
  "hasOwnProperty",
  "__defineGetter__",
  "then",
  "length",
  "toJSON",
  "",
  " ",
  "\u0000",
  "a\nb",
  "\uD800",
  "\uDFFF\uD800",
  "\uFEFF",
  "\u202Egnp.exe",
  "{}",
  "}{",
  "%00",
  "%",
  "../../etc/passwd",
  ".",
  "..",
  "a/b?c#d",
  "{a}b",
  "$&",
];

/** A name as an attacker chooses it. */
export const hostileName: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...trickyNames),
  fc.string({ unit: "binary", maxLength: 12 }),
  lonely(),
  fc.integer({ min: 200, max: 5000 }).map((length) => "x".repeat(length)),
);

/** Numbers in JSON that are more than a number can hold, or less than they seem. */
const numerals = ["1e400", "-1e400", "-0", "1e-400", "NaN", "Infinity", "-Infinity", "9".repeat(17), "9".repeat(4400)];

/** Any value, hostile ones and those of real messages often. Numbers that JSON cannot hold are written by {@link jsonOf}. */
export const hostileValue: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    {
      weight: 3,
      arbitrary: fc.constantFrom(null, true, 0, -1, 1, 0.5, -0, 2 ** 53, 2 ** 53 - 1, 1e308, -1e308, 5e-324),
    },
    { weight: 3, arbitrary: hostileName },
    fc.constantFrom(
      "default",
      "tasks.add",
      "tasks.boom",
      "SUCCESS",
      "send",
      "celery.chord",
      "celery.group",
      "celery.chunks",
    ),
    fc.constantFrom("2026-02-30T00:00:00", "9999-12-31T23:59:59Z", "0001-01-01", "2026-01-01T00:00:00.999999+23:59"),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(fc.oneof(hostileName, fieldName()), tie("value"), { maxKeys: 4, noNullPrototype: true }),
  ),
})).value;

/** Text that is no text: bytes, cut JSON, and far too deep or too long JSON. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.string({ unit: "binary", maxLength: 60 }) },
  { weight: 2, arbitrary: lonely() },
  { weight: 4, arbitrary: hostileValue.map(jsonOf) },
  { weight: 1, arbitrary: fc.constantFrom(...numerals) },
  { weight: 1, arbitrary: deep() },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 60 }).map((bytes) => new TextDecoder().decode(bytes)) },
  { weight: 1, arbitrary: fc.constantFrom('"', "\\", '"\\u', '"\\ud800"', '{"a":1,"a":2}', "[1,]", "{,}", "\uFEFF{}") },
);

/** JSON of a value; numbers and names that JSON cannot write are left as JavaScript writes them. */
function jsonOf(value: unknown): string {
  return JSON.stringify(value) ?? "null";
}

/** Mutations of good texts: a value somewhere in the JSON replaced, removed or doubled, or the text itself damaged. */
export function mutationsOf(samples: readonly string[]): fc.Arbitrary<string> {
  const sample = fc.constantFrom(...samples);
  return fc.oneof(
    { weight: 6, arbitrary: fc.tuple(sample, fc.array(anyChange(), { minLength: 1, maxLength: 3 })).map(mutated) },
    {
      weight: 2,
      arbitrary: fc.tuple(sample, fc.nat(), fc.nat(), fc.string({ unit: "binary", maxLength: 5 })).map(damaged),
    },
    { weight: 1, arbitrary: fc.tuple(sample, fc.constantFrom(...numerals), fc.nat()).map(withNumeral) },
    { weight: 1, arbitrary: fc.tuple(sample, deep(), fc.nat()).map(withNumeral) },
  );
}

/** What is changed in a value: its nth part, counted through all levels. */
interface Change {
  readonly nth: number;
  readonly kind: "replace" | "remove" | "name" | "double";
  readonly value: unknown;
  readonly name: string;
}

type Path = readonly string[];

function anyChange(): fc.Arbitrary<Change> {
  return fc.record({
    nth: fc.nat(),
    kind: fc.constantFrom("replace", "replace", "replace", "remove", "name", "double"),
    value: hostileValue,
    name: fc.oneof(hostileName, fieldName()),
  });
}

function mutated([text, changes]: readonly [string, readonly Change[]]): string {
  return jsonOf(changes.reduce<unknown>(withChange, JSON.parse(text)));
}

function withChange(value: unknown, change: Change): unknown {
  const paths = [...pathsIn(value)];
  return changed(value, paths[change.nth % paths.length] ?? [], change);
}

/** The way to every part of a value, into JSON that stands in a text too. */
function* pathsIn(value: unknown, path: Path = []): Generator<Path> {
  yield path;
  const opened = openedText(value);
  if (opened !== undefined) yield* pathsIn(opened, path);
  if (typeof value !== "object" || value === null) return;
  for (const [key, part] of Object.entries(value)) yield* pathsIn(part, [...path, key]);
}

function changed(value: unknown, [key, ...rest]: Path, change: Change): unknown {
  if (key === undefined) return change.kind === "double" ? [value, value] : change.value;
  const opened = openedText(value);
  if (opened !== undefined) return jsonOf(changed(opened, [key, ...rest], change));
  const next = Object.entries(Object(value)).flatMap(([name, part]): [string, unknown][] => {
    if (name !== key) return [[name, part]];
    if (rest.length === 0 && change.kind === "remove") return [];
    return rest.length === 0 && change.kind === "name" ? [[change.name, part]] : [[name, changed(part, rest, change)]];
  });
  return Array.isArray(value) ? next.map(([, part]) => part) : objectOf(next);
}

/** What a text holds, if it is the JSON of a list or an object. */
function openedText(value: unknown): unknown {
  if (typeof value !== "string" || !/^[[{]/.test(value)) return undefined;
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}

/** `Object.fromEntries` makes a member of `__proto__` too, as JSON does. */
function objectOf(entries: readonly [string, unknown][]): object {
  return Object.fromEntries(entries);
}

function damaged([text, from, length, inserted]: readonly [string, number, number, string]): string {
  const at = from % (text.length + 1);
  return text.slice(0, at) + inserted + text.slice(at + (length % 9));
}

/** One of the numbers in a text becomes another text. */
function withNumeral([text, numeral, nth]: readonly [string, string, number]): string {
  const places = [...text.matchAll(/(?<=[:[,])(?:-?\d+|null|true|false)(?=[,\]}])/g)];
  const place = places[nth % Math.max(1, places.length)];
  if (place === undefined) return numeral;
  return text.slice(0, place.index) + numeral + text.slice(place.index + place[0].length);
}

/** Nested as far as is allowed, a little further, and a hundred thousand levels. */
function deep(): fc.Arbitrary<string> {
  const shapes = [
    ["[", "]", 100_000],
    ['{"a":', "}", 100_000],
    ['{"task":"t","options":{"link":', "}}", 2000],
    ['{"task":"celery.chain","subtask_type":"chain","kwargs":{"tasks":[', "]}}", 2000],
    ['[["a",null],[', "]]", 2000],
  ] as const;
  return fc
    .tuple(fc.constantFrom(...shapes), fc.constantFrom(50, 330, 999, 1001, 100_000), fc.boolean())
    .map(([[open, close, most], levels, isClosed]) => {
      const count = Math.min(levels, most);
      return open.repeat(count) + (isClosed ? "1" + close.repeat(count) : "");
    });
}

/** Halves of surrogate pairs among good characters. */
function lonely(): fc.Arbitrary<string> {
  const unit = fc.oneof(
    fc.integer({ min: 0xd800, max: 0xdfff }).map((code) => String.fromCharCode(code)),
    fc.string({ minLength: 1, maxLength: 2 }),
  );
  return fc.array(unit, { minLength: 1, maxLength: 5 }).map((units) => units.join(""));
}

/** Names of fields that readers look for. */
function fieldName(): fc.Arbitrary<string> {
  const names =
    "v headers properties body id task args kwargs options retries eta expires queue target chord chain link";
  const more =
    "link_error callbacks errbacks task_id group_id timelimit generation compression body_encoding status result";
  const last = "children traceback kind part publication group size exc_type exc_message exc_cause tasks header it n";
  return fc.constantFrom(...`${names} ${more} ${last}`.split(" "));
}

/** Throws when something has put members on what all objects inherit from. */
export function assertUnpolluted(): void {
  const strangers = [Object.prototype, Array.prototype, Function.prototype].flatMap((each) => Object.keys(each));
  const plain: object = {};
  if (strangers.length > 0 || Reflect.get(plain, "polluted") !== undefined) {
    throw new Error(`Prototypes are polluted: ${strangers.join(", ")}`);
  }
}
