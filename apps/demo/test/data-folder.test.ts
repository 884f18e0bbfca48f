import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openDataFolder } from "../src/data-folder.ts";

/** No system has a process with this id. */
const nobody = 2 ** 31 - 1;
let parent = "";

beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), "umbel-data-"));
});

afterEach(async () => {
  await rm(parent, { recursive: true });
});

describe("the gateway's folder", () => {
  it("is the run's own, and is removed with it", async () => {
    const folder = await openDataFolder(undefined, parent);
    await mkdir(folder.path);

    await folder.remove();

    expect(await readdir(parent)).toEqual([]);
  });

  it("is the one that was asked for, and stays", async () => {
    const asked = join(parent, "mine");
    await mkdir(asked);
    const folder = await openDataFolder(asked, parent);

    await folder.remove();

    expect(folder.path).toBe(asked);
    expect(await readdir(parent)).toEqual(["mine"]);
  });

  it("takes those of dead runs away, and no other", async () => {
    for (const name of [`data-${nobody}`, `data-${process.ppid}`, "results"]) await mkdir(join(parent, name));
    await writeFile(join(parent, `data-${nobody}`, "gateway.db"), "");

    await openDataFolder(undefined, parent);

    expect((await readdir(parent)).toSorted()).toEqual([`data-${process.ppid}`, "results"]);
  });
});
