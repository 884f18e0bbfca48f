/** Answers that are longer than a pipe holds. */

import { spawn } from "node:child_process";
import { join } from "node:path";
import { expect, it } from "vitest";
import { repository } from "@umbel/test/running-program";
import { commandOf } from "./umbel.ts";

it.each(["node", "bun"] as const)("are whole on %s, however late they are read", async (runtime) => {
  const words = ["-A", "packages/cli/test/modules/many-tasks.ts", "list", "tasks", "--json"];
  const [file, ...args] = commandOf(words, runtime);
  const child = spawn(join(repository, file), args, { cwd: repository, stdio: ["ignore", "pipe", "inherit"] });

  let answer = "";
  child.stdout.setEncoding("utf8");
  // Each piece is read when the one before has been looked at, so that the pipe is full meanwhile.
  for await (const piece of child.stdout) answer += String(piece);

  expect(JSON.parse(answer)).toHaveLength(3000);
});
