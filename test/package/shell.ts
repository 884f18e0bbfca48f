/**
 * Commands as a user types them, in one folder.
 *
 * @module
 */

import { type ChildProcess, spawn, type SpawnOptions } from "node:child_process";
import { onTestFinished } from "vitest";
import { poll } from "../running-program.ts";

/** A folder in which commands run. */
export interface Shell {
  /** Runs commands; returns all they wrote. Throws it when one of them fails. */
  run(commands: string): Promise<string>;
  /** Starts commands that go on until the test ends. */
  start(commands: string, variables?: Readonly<Record<string, string>>): Started;
}

/** Commands that go on. */
export interface Started {
  /** Resolves once something that fits has been written. Throws all that was written when it is not in time. */
  until(pattern: RegExp, seconds?: number): Promise<RegExpExecArray>;
  /** Resolves with what a GET answers, once it does. Throws all that was written when it does not in time. */
  answerAt(url: string, seconds?: number): Promise<Response>;
}

/** Opens one. Commands see these variables and no others. */
export function shellIn(folder: string, environment: Readonly<Record<string, string>>): Shell {
  function launch(commands: string, variables: Readonly<Record<string, string>> = {}): ChildProcess {
    // With an input of its own bash would take itself for a login from elsewhere, and read its settings.
    const options: SpawnOptions = { cwd: folder, detached: true, stdio: ["ignore", "pipe", "pipe"] };
    return spawn("bash", ["-euc", commands], { ...options, env: { ...environment, ...variables } });
  }

  return {
    run: async (commands) => await ended(launch(commands)),
    start: (commands, variables) => started(launch(commands, variables)),
  };
}

async function ended(program: ChildProcess): Promise<string> {
  const output = outputOf(program);
  const code = await new Promise((resolve) => void program.on("close", resolve));
  if (code !== 0) throw new Error(`It ended with ${String(code)}:\n${output()}`);
  return output();
}

function started(program: ChildProcess): Started {
  const output = outputOf(program);
  let isOver = false;
  program.once("close", () => (isOver = true));
  onTestFinished(() => killGroup(program));

  async function wait<Answer>(seconds: number, ask: () => Promise<Answer | false>): Promise<Answer> {
    // Whether it is over is looked at before: what it wrote last counts.
    const answer = await poll(seconds, async () => {
      const wasOver = isOver;
      const asked = await ask();
      return asked === false && wasOver ? undefined : asked;
    });
    if (answer === false || answer === undefined) throw new Error(`It has not come to that; it wrote:\n${output()}`);
    return answer;
  }

  return {
    until: async (pattern, seconds = 300) => await wait(seconds, async () => pattern.exec(output()) ?? false),
    answerAt: async (url, seconds = 300) =>
      await wait(seconds, async () => await fetch(url).catch(() => false as const)),
  };
}

function outputOf(program: ChildProcess): () => string {
  let text = "";
  for (const stream of [program.stdout, program.stderr]) stream?.on("data", (chunk) => void (text += String(chunk)));
  return () => text;
}

/** Commands and what they started are a group of their own. */
function killGroup({ pid, exitCode }: ChildProcess): void {
  if (pid !== undefined && exitCode === null) process.kill(-pid, "SIGKILL");
}
