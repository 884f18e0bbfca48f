/** The program of docs/canvas.md runs as it stands, and prints what its comments say; the page is found. */

import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { repository } from "../running-program.ts";
import { programIn } from "./program-in.ts";

describe("the page of canvases", () => {
  it("has a program that prints what it says", async () => {
    const program = await programIn("docs/canvas.md");
    const node = join(repository, "node_modules/.bin/node");
    const words = ["--conditions=@umbel/source", "--input-type=module-typescript", "--eval", program];

    const { stdout } = await promisify(execFile)(node, words, { cwd: join(repository, "packages/umbel") });

    const promised = [...program.matchAll(/\); \/\/ (.*)\n/g)].map(([, line = ""]) => line);
    expect(stdout.trimEnd().split("\n")).toEqual(promised);
    expect(promised.length).toBeGreaterThan(6);
  });

  it.each(["README.md", "docs/celery.md", "packages/canvas/README.md"])("is linked from %s", async (page) => {
    expect(await readFile(join(repository, page), "utf8")).toMatch(/\((?:\.\.\/\.\.\/docs\/|docs\/)?canvas\.md[)#]/);
  });
});
