/** Each program of docs/schedules.md and of its neighbour runs as it stands, and prints what its comments say; the page is found. */

import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { repository } from "../running-program.ts";
import { programsIn } from "./program-in.ts";

const programs = await programsIn("docs/schedules.md");
const neighbours = await programsIn("docs/scheduling-at-run-time.md");

/** What a program says it prints: behind what prints it, or in lines of their own below. */
function promisedBy(program: string): readonly string[] {
  return [...program.matchAll(/^(?:(?:console\.log|show)\(.*\); )?\/\/ (.*)$/gm)].map(([, line = ""]) => line);
}

async function printedBy(program: string): Promise<readonly string[]> {
  const node = join(repository, "node_modules/.bin/node");
  const words = ["--conditions=@umbel/source", "--input-type=module-typescript", "--eval", program];
  const { stdout } = await promisify(execFile)(node, words, { cwd: join(repository, "packages/umbel") });
  return stdout.trimEnd().split("\n");
}

describe("the page of schedules", () => {
  it.each([...programs, ...neighbours].map((program, index) => ({ program, place: index + 1 })))(
    "has a program, number $place, that prints what it says",
    async ({ program }) => {
      const promised = promisedBy(program);

      expect(promised.length).toBeGreaterThan(0);
      expect(await printedBy(program)).toEqual(promised);
    },
  );

  it("has programs", () => {
    expect(programs.length).toBeGreaterThan(6);
    expect(neighbours).toHaveLength(1);
  });

  it.each(["README.md", "docs/dst.md", "packages/beat/README.md"])("is linked from %s", async (page) => {
    expect(await readFile(join(repository, page), "utf8")).toMatch(/\((?:\.\.\/\.\.\/docs\/|docs\/)?schedules\.md[)#]/);
  });
});
