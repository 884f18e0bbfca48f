/** A promise that a task leaves behind, and that is rejected, does not take the worker's other tasks along. */

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { repository, type RunningProgram, runtimes, startProgram } from "../running-program.ts";

const module = JSON.stringify(join(repository, "apps/worker/src/stray-rejections.ts"));

/** Leaves a promise behind, and lives on for a moment if it may. */
function program(before: string): string {
  return `${before}
void Promise.reject(new Error("left behind"));
setTimeout(() => console.log("still there"), 200);
`;
}

async function start(runtime: keyof typeof runtimes, before: string): Promise<RunningProgram> {
  const folder = await mkdtemp(join(tmpdir(), "umbel-stray-"));
  onTestFinished(async () => await rm(folder, { recursive: true }));
  const file = join(folder, "program.ts");
  await writeFile(file, program(before));
  return startProgram([...runtimes[runtime], file]);
}

describe.each(["node", "bun", "deno"] as const)("on %s", (runtime) => {
  it("a stray rejection ends the process", async () => {
    const running = await start(runtime, "");

    await running.until(/left behind/);
    await expect(running.endsWith(1)).resolves.toBeUndefined();
  });

  it("a stray rejection is logged, and the process of the worker app lives", async () => {
    const running = await start(
      runtime,
      `import { surviveStrayRejections } from ${module};\nsurviveStrayRejections();`,
    );

    await running.until(/A promise was rejected that nobody awaits: .*left behind/s);
    await expect(running.until(/still there/)).resolves.toBeTruthy();
  });
});
