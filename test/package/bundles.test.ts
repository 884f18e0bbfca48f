import { join } from "node:path";
import { build } from "esbuild";
import { describe, expect, it } from "vitest";
import { repository } from "../running-program.ts";

/** The files that a bundle of one of the measured parts has code of. */
async function filesIn(part: string): Promise<readonly string[]> {
  const { metafile } = await build({
    absWorkingDir: repository,
    entryPoints: [join(repository, `test/sizes/${part}.ts`)],
    outfile: `${part}.js`,
    write: false,
    bundle: true,
    metafile: true,
    format: "esm",
    target: "es2022",
    conditions: ["@umbel/source", "workerd", "worker", "browser"],
    external: ["node:*"],
  });
  const [output] = Object.values(metafile.outputs);
  const inputs = Object.entries(output?.inputs ?? {}).filter(([, { bytesInOutput }]) => bytesInOutput > 0);
  return inputs.map(([file]) => file);
}

describe("a bundle", () => {
  it.each(["producer", "sender", "worker", "results", "beat", "memory"])(
    "of a %s has no test kit in it",
    async (part) => {
      const files = await filesIn(part);

      expect(files.filter((file) => file.startsWith("packages/")).length).toBeGreaterThan(20);
      expect(files.filter((file) => /packages\/(?:testing|conformance|gateway)\//.test(file))).toEqual([]);
    },
  );

  it.each([
    "packages/core/src/attempt.ts",
    "packages/core/src/perform.ts",
    "packages/core/src/start-task.ts",
    "packages/canvas/src/freeze.ts",
    "packages/protocol/src/message.ts",
    "packages/protocol/src/signature.ts",
    "packages/qstash/src/verify.ts",
    "packages/upstash-redis/src/attempts.ts",
    "packages/upstash-redis/src/scripts/claim.ts",
  ])("that only sends calls has nothing of %s, which a worker has", async (file) => {
    expect(await filesIn("producer")).not.toContain(file);
    expect(await filesIn("worker")).toContain(file);
  });

  it.each([
    "packages/worker/src/eager.ts",
    "packages/memory/src/backend.ts",
    "packages/core/src/celery-settings.ts",
    "packages/core/src/config-from.ts",
  ])("has nothing of %s, unless its program asks for it", async (file) => {
    for (const part of ["producer", "worker"]) expect(await filesIn(part)).not.toContain(file);
  });

  it.each(["packages/core/src/group-result.ts", "packages/core/src/result-set.ts", "packages/core/src/lend.ts"])(
    "has nothing of %s where its program makes no group, and lends nothing",
    async (file) => {
      for (const part of ["producer", "worker", "results"]) expect(await filesIn(part)).not.toContain(file);
    },
  );

  it("that only sends calls has no schema library in it, and none for signatures", async () => {
    const files = await filesIn("producer");

    expect(files.filter((file) => /node_modules\/(?:zod|jose)\//.test(file))).toEqual([]);
  });
});
