/**
 * A program that ends with a test that runs beside others, and so has to say itself what is done at its end.
 *
 * @module
 */

import { launchProgram, type RunningProgram } from "../running-program.ts";

/** Has something done when the test is over: `onTestFinished` of its context. */
export type AtEnd = (work: () => void | Promise<void>) => void;

/** A program to start. */
export interface ChildProgram {
  readonly command: readonly [string, ...string[]];
  readonly environment?: Readonly<Record<string, string>>;
}

/** Starts it in the repository's root. */
export function startChild(atEnd: AtEnd, { command, environment = {} }: ChildProgram): RunningProgram {
  const program = launchProgram(command, environment);
  atEnd(() => program.kill("SIGKILL"));
  return program;
}
