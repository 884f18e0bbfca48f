import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { undotted } from "../src/application/dotted-address.ts";
import { readAddress } from "../src/application/module-address.ts";
import { tasksModule } from "./tasks-worker.ts";
import { umbel } from "./umbel.ts";

async function folderWith(...files: readonly string[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "umbel-cli-"));
  onTestFinished(async () => await rm(folder, { recursive: true }));
  for (const file of files) {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), "");
  }
  return folder;
}

describe("what Celery's user names with -A", () => {
  it.each([
    ["proj.tasks", { module: "proj/tasks" }],
    ["proj.tasks:app", { module: "proj/tasks", name: "app" }],
    ["proj.deep.app", { module: "proj/deep/app" }],
    ["shop.app", { module: "shop", name: "app" }],
    ["proj.tasks.app", { module: "proj/tasks", name: "app" }],
    ["proj.lib", { module: "proj/lib" }],
    ["web.tasks", { module: "web.tasks" }],
    ["web.tasks.ts", { module: "web.tasks.ts" }],
    ["shop.py", { module: "shop.py" }],
    ["socket.io", { module: "socket.io" }],
    ["./proj.tasks", { module: "./proj.tasks" }],
  ])("is a module below a folder, or an export: %s", async (text, address) => {
    const folder = await folderWith(
      "proj/tasks.ts",
      "proj/deep/app.ts",
      "proj/lib/index.ts",
      "shop.mts",
      "web.tasks.ts",
    );

    expect(await undotted(readAddress(text), folder)).toEqual(address);
  });

  it("has to be written otherwise where it may mean both", async () => {
    const folder = await folderWith("shop.ts", "shop/app.ts");

    await expect(undotted({ module: "shop.app" }, folder)).rejects.toThrow(
      "shop.app may mean shop/app or shop:app: write -A shop/app, or the other",
    );
  });

  it("is found by commands, and by the check of settings", async () => {
    const dotted = tasksModule.replace(/\.ts$/, "").replaceAll("/", ".");
    const [list, check] = await Promise.all([
      umbel(["-A", `${dotted}.app`, "list", "tasks"]),
      umbel(["conf", "--check", dotted.replace(/tasks$/, "settings")]),
    ]);

    expect(list).toMatchObject({ code: 0, stdout: expect.stringContaining("tasks.add") });
    expect(check).toMatchObject({ code: 0, stdout: expect.stringContaining(" is good: it sets ") });
  });
});
