import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { inTurn } from "../src/turn.ts";

/** No system has a process with this id. */
const nobody = 2 ** 31 - 1;
let folder = "";

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "umbel-turn-"));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

describe("inTurn", () => {
  it("lets the second wait until the first has done", async () => {
    const file = join(folder, "turn");
    const told: string[] = [];
    const finish: (() => void)[] = [];
    const first = inTurn(file, async () => {
      told.push("first begins");
      await new Promise<void>((resolve) => void finish.push(resolve));
      told.push("first ends");
    });
    while (finish.length === 0) await readFile(file).catch(() => undefined);

    const second = inTurn(file, async () => void told.push(await Promise.resolve("second")));
    finish[0]?.();
    await Promise.all([first, second]);

    expect(told).toEqual(["first begins", "first ends", "second"]);
  });

  it("passes over a process that has died in its turn", async () => {
    const file = join(folder, "turn");
    await writeFile(file, String(nobody));

    expect(await inTurn(file, async () => await Promise.resolve("done"))).toBe("done");
  });

  it("gives the turn back when the work fails", async () => {
    const file = join(folder, "turn");
    await expect(inTurn(file, async () => await Promise.reject(new Error("broken")))).rejects.toThrow("broken");

    expect(await inTurn(file, async () => await Promise.resolve("done"))).toBe("done");
  });
});
