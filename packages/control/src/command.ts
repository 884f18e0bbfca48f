/**
 * A command as it comes from outside: a name in Celery's words, and its arguments as JSON.
 *
 * @module
 */

import { nearestName } from "@umbel/core";
import { ImproperlyConfigured } from "@umbel/protocol";
import * as z from "zod/mini";
import { refuseUnsupported } from "./unsupported.ts";

/** A command, for people. */
export interface Command {
  /** Celery's name: `query_task`. */
  readonly name: string;
  /** Other names of it: `dump_active`. */
  readonly aliases?: readonly string[];
  /** Its arguments, as they stand behind it on a command line. */
  readonly args?: string;
  /** What it does, in a line. */
  readonly help: string;
}

/** A command and what it comes to. */
export interface Runnable<Target, Answer> extends Command {
  /** Throws `ImproperlyConfigured` for arguments that make no sense. */
  readonly run: (target: Target, given: unknown) => Promise<Answer>;
}

/** A command whose arguments a schema reads. */
export function command<Target, Args, Answer>(
  about: Command,
  args: z.ZodMiniType<Args>,
  run: (target: Target, args: Args) => Promise<Answer>,
): Runnable<Target, Answer> {
  return { ...about, run: async (target, given) => await run(target, argumentsOf(about, args, given)) };
}

/** The command that is meant; `query-task` and `queryTask` are `query_task`. Throws `ImproperlyConfigured`, and `NotSupportedError`. */
export function commandNamed<Found extends Command>(commands: readonly Found[], written: string, kind: string): Found {
  const name = celeryName(written);
  const found = commands.find((each) => each.name === name || each.aliases?.includes(name) === true);
  if (found !== undefined) return found;
  refuseUnsupported(name);
  const known = commands.map((each) => each.name);
  const nearest = nearestName(name, known);
  const hint = nearest === undefined ? `there are ${known.join(", ")}` : `the nearest name is "${nearest}"`;
  throw new ImproperlyConfigured(`There is no ${kind} command "${written}"; ${hint}`);
}

/** A name in Celery's writing. */
function celeryName(written: string): string {
  return written.replaceAll("-", "_").replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** What Celery sends beside the arguments of any command: whom to ask and how to answer are settled elsewhere. */
const extras: ReadonlySet<string> = new Set([
  "callback",
  "connection",
  "destination",
  "limit",
  "matcher",
  "pattern",
  "reply",
  "safe",
  "signal",
  "timeout",
]);

function withoutExtras(given: unknown): unknown {
  const outcome = z.record(z.string(), z.unknown()).safeParse(given);
  if (!outcome.success) return given;
  return Object.fromEntries(Object.entries(outcome.data).filter(([name]) => !extras.has(name)));
}

function argumentsOf<Args>({ name }: Command, schema: z.ZodMiniType<Args>, given: unknown): Args {
  const outcome = schema.safeParse(withoutExtras(given ?? {}));
  if (outcome.success) return outcome.data;
  const [issue] = outcome.error.issues;
  const place = issue === undefined || issue.path.length === 0 ? "" : ` ${issue.path.map(String).join(".")}:`;
  throw new ImproperlyConfigured(`The arguments of ${name}:${place} ${issue?.message ?? "make no sense"}`);
}
