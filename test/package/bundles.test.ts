import { join } from "node:path";
import { build, type BuildOptions } from "esbuild";
import { describe, expect, it } from "vitest";
import { repository } from "../running-program.ts";

/** The files that a bundle of one of the measured parts has code of. */
async function filesIn(part: string): Promise<readonly string[]> {
  return (await bundle({ entryPoints: [join(repository, `test/sizes/${part}.ts`)] })).files;
}

/** A bundle for workerd: the files that it has code of, and the code. */
async function bundle(entry: Pick<BuildOptions, "entryPoints" | "stdin">) {
  const { metafile, outputFiles } = await build({
    ...entry,
    absWorkingDir: repository,
    outfile: "bundle.js",
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
  return { files: inputs.map(([file]) => file), code: outputFiles.map(({ text }) => text).join("") };
}

/** Where telemetry's code lies, and what would give away that it was copied. */
const telemetryFiles =
  /packages\/(?:otel|prometheus)\/|node_modules\/(?:@opentelemetry|prom-client)\/|core\/src\/json-log/;
const telemetryWords = /opentelemetry|prom-?client|celery\.task_name|messaging\.|tracestate|celery_task|celery_worker/i;
const nodeImports = /(?:from|import\(|require\()\s*"node:[^"]+"/g;

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

  it.each(["producer", "sender", "worker", "results", "beat", "memory"])(
    "of a %s has nothing of telemetry in it",
    async (part) => {
      const { files, code } = await bundle({ entryPoints: [join(repository, `test/sizes/${part}.ts`)] });

      expect(files.filter((file) => telemetryFiles.test(file))).toEqual([]);
      expect(code.match(telemetryWords)).toBeNull();
    },
  );

  it("of a worker that is traced and writes its log as JSON has that in it, and no module of Node's more", async () => {
    const contents = `
      import { jsonLog } from "umbel";
      import { activeSpan, instrument } from "umbel/otel";
      import endpoint from "./worker.ts";
      import { app } from "./shop.ts";
      instrument(app);
      export const log = jsonLog({ also: activeSpan });
      export default endpoint;`;
    const traced = await bundle({ stdin: { contents, resolveDir: join(repository, "test/sizes") } });
    const plain = await bundle({ entryPoints: [join(repository, "test/sizes/worker.ts")] });

    expect(traced.files.filter((file) => telemetryFiles.test(file)).length).toBeGreaterThan(8);
    expect(traced.code.match(telemetryWords)).not.toBeNull();
    expect(traced.code.match(nodeImports)).toEqual(plain.code.match(nodeImports));
  });

  it("that only sends calls has no schema library in it, and none for signatures", async () => {
    const files = await filesIn("producer");

    expect(files.filter((file) => /node_modules\/(?:zod|jose)\//.test(file))).toEqual([]);
  });
});
