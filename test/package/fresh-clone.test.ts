import { cp } from "node:fs/promises";
import { realpathSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { bareMachine } from "./bare-machine.ts";

const root = fileURLToPath(new URL("../../", import.meta.url));
const installed = (name: string) => realpathSync(join(root, "node_modules/.bin", name));

/** It installs everything anew, which takes the network and minutes: the full level only. */
const isFull = process.env["UMBEL_TEST_LEVEL"] === "full";

/** Seconds for one command: a guard, for a busy machine. */
const patience = 600;

describe.runIf(isFull)("a fresh clone", { timeout: 4 * patience * 1000 }, () => {
  it("starts and tests itself with only Bun on the machine", async () => {
    const machine = await bareMachine({ bun: installed("bun") });

    expect(await machine.run("command -v node", patience)).toMatchObject({ code: 1 });
    expect(await machine.run("bun install", patience)).toMatchObject({ code: 0 });
    const demo = await machine.run("bun start --once", patience);
    const tests = await machine.run("bun run test test/flow/calls.test.ts", patience);

    expect(demo).toMatchObject({ code: 0 });
    expect(tests.output).toMatch(/\d+ passed, 0 failed/);
  });

  it("starts with only Deno on the machine, over an installed tree", async () => {
    const machine = await bareMachine({ deno: installed("deno") });
    await cp(join(root, "node_modules"), join(machine.tree, "node_modules"), {
      recursive: true,
      verbatimSymlinks: true,
      filter: (path) => !/node_modules\/\.(?:cache|vite)$/.test(path), // Other tests write and remove there meanwhile.
    });

    const demo = await machine.run("deno task start --once", patience);
    const tests = await machine.run("deno task test test/flow/calls.test.ts", patience);

    expect(demo).toMatchObject({ code: 0 });
    expect(tests.output).toMatch(/\d+ passed, 0 failed/);
  });

  it("starts and tests itself with the machine's own Node and npm", async () => {
    const machine = await bareMachine({});

    expect(await machine.run("PATH=/usr/local/bin:/usr/bin:/bin npm install", patience)).toMatchObject({ code: 0 });
    const demo = await machine.run("PATH=/usr/local/bin:/usr/bin:/bin npm start -- --once", patience);

    expect(demo).toMatchObject({ code: 0 });
  });
});
