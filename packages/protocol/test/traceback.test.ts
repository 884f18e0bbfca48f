import { describe, expect, it } from "vitest";
import { asVerdict, tracebackOf } from "../src/index.ts";
import { hasPython, python } from "./python.ts";

const stacks: readonly (readonly [engine: string, stack: string])[] = [
  [
    "V8",
    `TypeError: x is not a function
    at inner (file:///srv/app.ts:1:25)
    at file:///srv/app.ts:2:51
    at Array.map (<anonymous>)
    at new Job (/srv/job.ts:2:41)
    at async Worker.run (file:///srv/worker.ts:3:24)
    at async Promise.all (index 0)`,
  ],
  [
    "Bun",
    `TypeError: x is not a function
    at inner (/srv/app.ts:1:25)
    at <anonymous> (/srv/app.ts:2:51)
    at <parse> (:0)
    at Job (/srv/job.ts:2:41)
    at async run (/srv/worker.ts:3:24)
    at parse (unknown)`,
  ],
  [
    "JavaScriptCore",
    `inner@file:///srv/app.ts:1:25
@file:///srv/app.ts:2:51
map@[native code]
Job@/srv/job.ts:2:41
async run@file:///srv/worker.ts:3:24`,
  ],
];

describe("tracebackOf", () => {
  it.each(stacks)("reads a stack of %s, outermost call first", (_, stack) => {
    const lines = tracebackOf(withStack(new TypeError("x is not a function"), stack)).split("\n");

    expect(lines.slice(0, -1).map((line) => line.replace(/, in .*/, ""))).toEqual([
      "Traceback (most recent call last):",
      '  File "/srv/worker.ts", line 3',
      '  File "/srv/job.ts", line 2',
      '  File "/srv/app.ts", line 2',
      '  File "/srv/app.ts", line 1',
    ]);
    expect(lines.at(-2)).toBe('  File "/srv/app.ts", line 1, in inner');
    expect(lines.at(-1)).toBe("TypeError: x is not a function");
  });

  it.each([
    ["V8, at once", ["at body (/a.ts:3:1)", "at Object.umbelTask [as run] (/d.ts:2:1)", "at umbelAttempt (/c.ts:1:1)"]],
    [
      "V8, later",
      ["at async body (/a.ts:3:1)", "at async Object.umbelAttempt (/c.ts:1:1)", "at async run (/b.ts:1:1)"],
    ],
    ["JavaScriptCore", ["body@/a.ts:3:1", "umbelTask@/d.ts:2:1", "umbelAttempt@/c.ts:1:1", "run@/b.ts:1:1"]],
    ["a bundle, which is one file", ["at body (/w.js:3:1)", "at umbelTask (/w.js:2:1)", "at umbelAttempt (/w.js:1:1)"]],
  ])("begins with the body of the task: %s", (_, stack) => {
    const lines = tracebackOf(withStack(new Error("x"), stack.join("\n"))).split("\n");

    expect(lines).toHaveLength(3);
    expect(lines[1]).toMatch(/line 3, in (?:async )?body$/);
  });

  it.each([
    ["of which nobody knows where it was called", ["at body (/a.ts:3:1)", "at umbelTask (/d.ts:2:1)"], 2],
    ["that never came to the body", ["at Object.umbelAttempt (/c.ts:1:1)", "at run (/b.ts:1:1)"], 2],
    ["of a function of the user's with nearly that name", ["at myumbelAttempt (/a.ts:1:1)", "at run (/b.ts:1:1)"], 2],
    [
      "of a body that called another one like a function",
      ["at two (/a.ts:9:1)", "at umbelTask (/d.ts:2:1)", "at one (/a.ts:8:1)", "at async umbelAttempt (/c.ts:1:1)"],
      3,
    ],
  ])("keeps every frame that may be the user's, of an error %s", (_, stack, kept) => {
    expect(tracebackOf(withStack(new Error("x"), stack.join("\n"))).split("\n")).toHaveLength(kept + 2);
  });

  it("shows where a verdict of ours was made, and none of what led to it", () => {
    const error = asVerdict(() => new TypeError("no value"));

    const [head, ...frames] = tracebackOf(error).split("\n");

    expect(head).toBe("Traceback (most recent call last):");
    expect(frames).toEqual([expect.stringContaining("traceback.test.ts"), "TypeError: no value"]);
    expect(error.stack?.split("\n").length).toBeGreaterThan(3);
  });

  it("does not take a message for frames", () => {
    const error = new Error("at\n    at evil (/etc/passwd:1:1)");
    const traceback = tracebackOf(withStack(error, `Error: ${error.message}\n    at real (/srv/a.ts:2:3)`));

    expect(traceback.split("\n").slice(1, 3)).toEqual(['  File "/srv/a.ts", line 2, in real', "Error: at"]);
  });

  it("does not take a message for frames, whatever the error is called by now", () => {
    const error = new Error("no\n    at evil (/etc/passwd:1:1)\nevil@/etc/passwd:1:1");
    const made = withStack(error, `Error: ${error.message}\n    at real (/srv/a.ts:2:3)`);
    const traceback = tracebackOf(Object.assign(made, { name: "OrderError" }));

    expect(traceback.match(/File "\/etc/g)).toBeNull();
    expect(traceback).toContain('File "/srv/a.ts", line 2, in real\nOrderError: no');
  });

  it("reads a name and a file that have the marks of each other in them", () => {
    const stack = [
      "at eval (eval at run (/srv/a.ts:1:1), <anonymous>:5:6)",
      "at run (/srv/app (1)/b@c.ts:2:3)",
      "at /srv/d (2)/e.ts:4:1",
    ];

    expect(
      tracebackOf(withStack(new Error("x"), stack.join("\n")))
        .split("\n")
        .slice(1, -1),
    ).toEqual([
      '  File "/srv/d (2)/e.ts", line 4, in <anonymous>',
      '  File "/srv/app (1)/b@c.ts", line 2, in run',
      '  File "eval at run (/srv/a.ts:1:1), <anonymous>", line 5, in eval',
    ]);
  });

  it.each([
    ["an error without a stack", withStack(new Error("x"), undefined), "Error: x"],
    ["an error without a message", withStack(new TypeError(), ""), "TypeError"],
    ["a text", "boom", "Error: boom"],
    ["an object", { status: 500 }, "Error: {'status': 500}"],
    ["nothing", undefined, "Error: None"],
  ])("has a frame for %s too", (_, thrown, headline) => {
    expect(tracebackOf(thrown).split("\n")).toEqual([
      "Traceback (most recent call last):",
      '  File "<unknown>", line 1, in <unknown>',
      headline,
    ]);
  });

  it("tells causes first, as Python does, and ends where they go round", () => {
    const inner = withStack(new RangeError("/ 0"), "");
    const outer = withStack(new Error("failed", { cause: inner }), "");
    inner.cause = outer;

    expect(tracebackOf(outer)).toBe(
      [
        "Traceback (most recent call last):",
        '  File "<unknown>", line 1, in <unknown>',
        "RangeError: / 0",
        "",
        "The above exception was the direct cause of the following exception:",
        "",
        "Traceback (most recent call last):",
        '  File "<unknown>", line 1, in <unknown>',
        "Error: failed",
      ].join("\n"),
    );
  });

  it("takes no time over a line that is almost a frame", () => {
    const stack = `    at ${"a:1 (".repeat(60_000)}\n${"a:1".repeat(100_000)}`;
    const before = performance.now();

    tracebackOf(withStack(new Error("x"), stack));

    expect(performance.now() - before).toBeLessThan(20_000); // Minutes, if it were tried from each place anew.
  });

  it.skipIf(!hasPython("tblib", true))("is read by tblib, frame by frame", () => {
    const text = tracebackOf(withStack(new TypeError("x"), stacks[0]?.[1]));
    const names = python(
      "import json, sys, tblib; tb = tblib.Traceback.from_string(json.load(sys.stdin))\nwhile tb: print(tb.tb_frame.f_code.co_name); tb = tb.tb_next",
      JSON.stringify(text),
      "tblib",
    );

    expect(names.trim().split("\n")).toEqual(["Worker.run", "new Job", "<anonymous>", "inner"]);
  });

  it("ends with the class of an error that says no name", () => {
    class Busy extends Error {}

    expect(tracebackOf(new Busy("busy 1"))).toMatch(/\nBusy: busy 1$/);
  });
});

function withStack(error: Error, stack: string | undefined): Error {
  Object.defineProperty(error, "stack", { value: stack });
  return error;
}
