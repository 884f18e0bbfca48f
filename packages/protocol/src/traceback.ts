/**
 * Stacks in the shape of Python's tracebacks.
 *
 * A Python client may parse this text; a JavaScript stack makes its `get()` raise an error about the traceback instead of
 * the task's error (celery-wire.md 6.2). So the outermost call comes first, and there is always a frame to be found.
 *
 * @module
 */

import { repr } from "./repr.ts";
import { isError } from "./thrown.ts";

/**
 * Methods of core's that stand between an attempt and its task's body, the outer first. What calls them is ours, and no
 * part of a traceback. A bundler renames functions, but not methods.
 */
const bodyFrames = { attempt: "umbelAttempt", task: "umbelTask" } as const;

interface Frame {
  readonly name: string;
  readonly file: string;
  readonly line: string;
}

/** `at async add (file:///srv/app.ts:3:10)`: V8, that is Node, Deno, Workers; Bun writes this form, too. */
const v8Frame = /^\s*at (?:async )?(?:(?<name>.+?) \()?(?<file>.*?[^(]):(?<line>\d+)(?::\d+)?\)?$/;

/** `add@file:///srv/app.ts:3:10`: JavaScriptCore. */
const jscFrame = /^(?:async )?(?<name>[^@]*)@(?<file>.+?):(?<line>\d+)(?::\d+)?$/;

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
  return error.message === "" ? error.name : `${error.name}: ${error.message}`;
}

function describe(thrown: unknown): string {
  return typeof thrown === "string" ? thrown : repr(thrown);
}

function framesOf(error: unknown): readonly Frame[] {
  const stack = isError(error) && typeof error.stack === "string" ? error.stack : "";
  const header = headline(error);
  const calls = stack.startsWith(header) ? stack.slice(header.length) : stack;
  const frames: Frame[] = [];
  for (const line of calls.split("\n")) frames.unshift(...frameIn(line));
  return frames.length > 0 ? frames : [{ name: "<unknown>", file: "<unknown>", line: "1" }];
}

/** Without what called the body. A body that calls another task like a function has both in its traceback. */
function withoutCallers(frames: readonly Frame[]): readonly Frame[] {
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

function frameIn(line: string): Frame[] {
  if (line.length > longestLine) return [];
  const found = (v8Frame.exec(line) ?? jscFrame.exec(line))?.groups;
  if (!found) return [];
  const file = (found["file"] ?? "").replace(/^file:\/\//, "").replaceAll('"', "'");
  return [{ name: found["name"] || "<anonymous>", file, line: found["line"] ?? "1" }];
}
