import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { freePort } from "../free-port.ts";
import { openGateway } from "../gateway.ts";
import { repository, runtimes, startProgram } from "../running-program.ts";
import { programsIn } from "./program-in.ts";

/** A gateway on free ports, which pushes to a worker on `workerPort`; the environment of an application. */
async function startGateway(workerPort: number): Promise<Readonly<Record<string, string>>> {
  const environment = { UMBEL_WORKER_URL: `http://127.0.0.1:${workerPort}` };
  const gateway = await openGateway(environment);
  onTestFinished(async () => await gateway.close());
  return { ...gateway.variables, ...environment };
}

/** A folder with these files in the repository, where the imports of a program are found. */
async function folderOf(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(repository, "test/.program-"));
  onTestFinished(async () => await rm(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return folder;
}

describe("the program of ten lines", () => {
  it.each(["README.md", "packages/umbel/README.md"])(
    "of %s answers 8 over a real gateway",
    { timeout: 60_000 },
    async (page) => {
      const [shop = "", call = ""] = await programsIn(page);
      const port = await freePort();
      const variables = await startGateway(port);
      const folder = await folderOf({ "shop.ts": shop.replace("8787", String(port)), "call.ts": call });

      const worker = startProgram([...runtimes.bun, join(folder, "shop.ts")], variables);
      await worker.until(/listening|started/i);
      const caller = startProgram([...runtimes.bun, join(folder, "call.ts")], variables);

      const [answer] = await caller.until(/^\d+$/m);
      expect(answer).toBe("8");
      await caller.endsWith(0, 10);
      expect(`${shop}${call}`.split("\n").filter((line) => line.trim() !== "")).toHaveLength(10);
    },
  );

  it("can be taken by a test kit: it exports its application and its task, and sends nothing when it is imported", async () => {
    const [shop = ""] = await programsIn("README.md");
    const look = `import { add, app } from "./shop.ts";\nconsole.log(app.name, add.name);\n`;
    const folder = await folderOf({ "shop.ts": shop, "look.ts": look });

    const program = startProgram([...runtimes.bun, join(folder, "look.ts")], { QSTASH_URL: "nonsense" });

    await program.endsWith(0, 20);
    expect(program.output()).toBe("shop shop.add\n");
  });
});
