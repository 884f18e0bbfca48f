/**
 * Stacks in the shape of Python's tracebacks.
 *
 * A Python client may parse this text; a JavaScript stack makes its `get()` raise an error about the traceback instead of
 * the task's error (celery-wire.md 6.2). So the outermost call comes first, and there is always a frame to be found.
 *
 * @module
 */

import { repr } from "./repr.ts";
import { isError, nameOf } from "./thrown.ts";

/**
 * Methods of core's that stand between an attempt and its task's body, the outer first. What calls them is ours, and no
 * part of a traceback. A bundler renames functions, but not methods.
 */
const bodyFrames = { attempt: "umbelAttempt", task: "umbelTask" } as const;

/** The method of {@link asVerdict}. */
const verdictFrame = "umbelVerdict";

interface Frame {
  readonly name: string;
  readonly file: string;
  readonly line: string;
}

/** Where in its file a call is: `:3:10`, or `:3`. */
const position = /:(\d+)(?::\d+)?$/;

/** Longer lines are no frames; a message could hold any. */
const longestLine = 1000;

/** Longest chain of causes that is told. */
const mostCauses = 10;

const causedBy = "\n\nThe above exception was the direct cause of the following exception:\n\n";

/**
 * What Python would print for an error: frames from the outermost call to the innermost, a task's body on where there is
 * one, then `TypeError: message`. Causes come before what they caused. Reads the stacks of V8 and JavaScriptCore.
 */
export function tracebackOf(error: unknown): string {
  return withCauses(error).map(section).join(causedBy);
}

/**
 * Calls what finds that an attempt has failed though no code of its task's has thrown: a limit that has passed, a value that
 * cannot travel. All frames of an error that is made in it are ours, so its traceback has only the innermost: Python's readers need one.
 */
export function asVerdict<Value>(find: () => Value): Value {
  const caller = {
    umbelVerdict(this: void) {
      return { found: find() }; // No tail call: JavaScriptCore's leave no frame.
    },
  };
  return caller.umbelVerdict().found;
}

/** The first cause first, the error itself last. */
function withCauses(error: unknown, told: readonly unknown[] = []): readonly unknown[] {
  if (told.includes(error) || told.length >= mostCauses) return told;
  const chain = [error, ...told];
  return isError(error) && (error.cause ?? undefined) !== undefined ? withCauses(error.cause, chain) : chain;
}

function section(error: unknown): string {
  const lines = withoutCallers(framesOf(error)).map(
    ({ name, file, line }) => `  File "${file}", line ${line}, in ${name}`,
  );
  return ["Traceback (most recent call last):", ...lines, headline(error)].join("\n");
}

/** `TypeError: message`, or `TypeError` alone when there is no message. */
function headline(error: unknown): string {
  if (!isError(error)) return `Error: ${describe(error)}`;
  return error.message === "" ? nameOf(error) : `${nameOf(error)}: ${error.message}`;
}

function describe(thrown: unknown): string {
  return typeof thrown === "string" ? thrown : repr(thrown);
}

function framesOf(error: unknown): readonly Frame[] {
  const stack = isError(error) && typeof error.stack === "string" ? error.stack : "";
  const frames = withoutMessage(stack, error).split("\n").flatMap(frameIn);
  return frames.length > 0 ? frames.toReversed() : [{ name: "<unknown>", file: "<unknown>", line: "1" }];
}

/** V8 puts `Name: message` first, by the name that the error had when it was made: a message may hold any line. */
function withoutMessage(stack: string, error: unknown): string {
  const given: unknown = isError(error) ? error.message : "";
  const message = typeof given === "string" ? given : "";
  const at = message === "" ? -1 : stack.indexOf(message);
  const [head, rest] = [stack.slice(0, Math.max(0, at)), stack.slice(at + message.length)];
  const isHead = head === "" || (head.endsWith(": ") && !head.includes("\n"));
  return at !== -1 && isHead && (rest === "" || rest.startsWith("\n")) ? rest : stack;
}

/** Without what called the body. A body that calls another task like a function has both in its traceback. */
function withoutCallers(frames: readonly Frame[]): readonly Frame[] {
  if (frames.some((frame) => isNamed(frame, verdictFrame))) return frames.slice(-1);
  const attempt = frames.findIndex((frame) => isNamed(frame, bodyFrames.attempt));
  if (attempt === -1) return frames;
  const [task, ...rest] = frames.slice(attempt + 1);
  if (task === undefined) return frames;
  return isNamed(task, bodyFrames.task) && rest.length > 0 ? rest : [task, ...rest];
}

/** `name`, `Object.name`, `Object.name [as other]`. */
function isNamed({ name }: Frame, wanted: string): boolean {
  const [own = ""] = name.split(" [as ");
  return own === wanted || own.endsWith(`.${wanted}`);
}

/** Texts are cut, and not matched as a whole: a regexp that reads a frame would go back and forth in a hostile line. */
function frameIn(line: string): Frame[] {
  if (line.length > longestLine) return [];
  const [name, place] = partsOf(line.trim());
  const found = position.exec(place);
  if (found === null || found.index === 0) return [];
  const file = place
    .slice(0, found.index)
    .replace(/^file:\/\//, "")
    .replaceAll('"', "'");
  return [{ name: name.replace(/^async /, "") || "<anonymous>", file, line: found[1] ?? "1" }];
}

/**
 * Who calls, and where: `at async add (file:///srv/app.ts:3:10)` and `at file:///srv/app.ts:3:10` of V8, that is of Node,
 * Deno and Workers, which Bun writes, too; `add@file:///srv/app.ts:3:10` of JavaScriptCore.
 */
function partsOf(frame: string): readonly [name: string, place: string] {
  if (!frame.startsWith("at ")) {
    const [name = "", ...place] = frame.split("@");
    return [name, place.join("@")];
  }
  const call = frame.slice("at ".length);
  const open = call.indexOf(" (");
  if (open > 0 && call.endsWith(")")) return [call.slice(0, open), call.slice(open + 2, -1)];
  return ["", call.replace(/^async /, "")];
}
