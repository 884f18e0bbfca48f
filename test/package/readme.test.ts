import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { freePort } from "../free-port.ts";
import { openGateway } from "../gateway.ts";
import { repository, runtimes, startProgram } from "../running-program.ts";
import { programIn } from "./program-in.ts";

/** A gateway on free ports, which pushes to a worker on `workerPort`; the environment of an application. */
async function startGateway(workerPort: number): Promise<Readonly<Record<string, string>>> {
  const environment = { UMBEL_WORKER_URL: `http://127.0.0.1:${workerPort}` };
  const gateway = await openGateway(environment);
  onTestFinished(async () => await gateway.close());
  return { ...gateway.variables, ...environment };
}

/** A file of this text in the repository, where the imports of a program are found. */
async function fileOf(program: string): Promise<string> {
  const folder = await mkdtemp(join(repository, "test/.program-"));
  onTestFinished(async () => await rm(folder, { recursive: true }));
  await writeFile(join(folder, "shop.ts"), program);
  return join(folder, "shop.ts");
}

describe("the program of ten lines", () => {
  it.each(["README.md", "packages/umbel/README.md"])(
    "of %s answers 8 over a real gateway",
    { timeout: 60_000 },
    async (page) => {
      const program = await programIn(page);
      const port = await freePort();
      const variables = await startGateway(port);

      const file = await fileOf(program.replace("8787", String(port)));
      const [answer] = await startProgram([...runtimes.bun, file], variables).until(/^\d+$/m);

      expect(program.split("\n").filter((line) => line.trim() !== "")).toHaveLength(9);
      expect(answer).toBe("8");
    },
  );
});
