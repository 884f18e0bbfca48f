import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import { freePort } from "../free-port.ts";
import { openGateway } from "../gateway.ts";
import { programIn } from "./program-in.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A gateway on free ports, which pushes to a worker on `workerPort`. */
async function startGateway(workerPort: number): Promise<Readonly<Record<string, string>>> {
  const environment = { UMBEL_WORKER_URL: `http://127.0.0.1:${workerPort}` };
  const gateway = await openGateway(environment);
  closing.push(async () => await gateway.close());
  return { ...gateway.variables, ...environment };
}

/** Runs a program on Bun until it prints a line of digits, which is the answer. */
async function answerOf(program: string, variables: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(root, "test/.program-"));
  closing.push(async () => await rm(folder, { recursive: true }));
  await writeFile(join(folder, "shop.ts"), program);
  const bun = spawn(join(root, "node_modules/.bin/bun"), ["--conditions=@umbel/source", join(folder, "shop.ts")], {
    env: { ...process.env, ...variables },
  });
  let output = "";
  return await new Promise<string>((resolve, reject) => {
    const late = setTimeout(() => end(() => reject(new Error(`no answer in 30 s:\n${output}`))), 30_000);
    bun.stdout.on("data", read);
    bun.stderr.on("data", read);
    bun.on("exit", () => end(() => reject(new Error(`it ended:\n${output}`))));

    function read(chunk: Buffer): void {
      output += chunk.toString();
      const answer = /^\d+$/m.exec(output)?.[0];
      if (answer !== undefined) end(() => resolve(answer));
    }

    function end(settle: () => void): void {
      clearTimeout(late);
      bun.removeAllListeners("exit");
      bun.kill();
      settle();
    }
  });
}

describe("the program of ten lines", () => {
  it.each(["README.md", "packages/umbel/README.md"])(
    "of %s answers 8 over a real gateway",
    { timeout: 60_000 },
    async (page) => {
      const program = await programIn(page);
      const port = await freePort();
      const variables = await startGateway(port);

      expect(
        program
          .trim()
          .split("\n")
          .filter((line) => line !== ""),
      ).toHaveLength(9);
      expect(await answerOf(program.replace("8787", String(port)), variables)).toBe("8");
    },
  );
});
