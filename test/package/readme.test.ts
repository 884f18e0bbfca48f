import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { openDoorway } from "../doorway.ts";
import { openGateway } from "../gateway.ts";
import { repository, runtimes, startProgram } from "../running-program.ts";
import { programsIn } from "./program-in.ts";

/** A gateway on free ports, which pushes to a worker at `workerUrl`; the environment of an application. */
async function startGateway(workerUrl: string): Promise<Readonly<Record<string, string>>> {
  const environment = { UMBEL_WORKER_URL: workerUrl };
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
  it.each(["README.md", "packages/umbel/README.md"])("of %s answers 8 over a real gateway", async (page) => {
    const [shop = "", call = ""] = await programsIn(page);
    const doorway = await openDoorway();
    onTestFinished(doorway.close);
    const variables = await startGateway(doorway.url);
    const folder = await folderOf({ "shop.ts": shop.replace("8787", "0"), "call.ts": call });

    const worker = startProgram([...runtimes.bun, join(folder, "shop.ts")], variables);
    const [, port] = await worker.until(/(?:listening|started).*:(\d+)/i);
    doorway.leadTo(Number(port));
    const caller = startProgram([...runtimes.bun, join(folder, "call.ts")], variables);

    const [answer] = await caller.until(/^\d+$/m);
    expect(answer).toBe("8");
    await caller.endsWith(0);
    expect(`${shop}${call}`.split("\n").filter((line) => line.trim() !== "")).toHaveLength(10);
  });

  it("can be taken by a test kit: it exports its application and its task, and sends nothing when it is imported", async () => {
    const [shop = ""] = await programsIn("README.md");
    const look = `import { add, app } from "./shop.ts";\nconsole.log(app.name, add.name);\n`;
    const folder = await folderOf({ "shop.ts": shop, "look.ts": look });

    const program = startProgram([...runtimes.bun, join(folder, "look.ts")], { QSTASH_URL: "nonsense" });

    await program.endsWith(0);
    expect(program.output()).toBe("shop shop.add\n");
  });
});
