/**
 * How large Umbel's bundles are: what size-limit measures, where it is set up.
 *
 * @module
 */

import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod/mini";
import { repository } from "./child.ts";
import type { Line } from "./trial.ts";

const Report = z.array(z.object({ name: z.string(), size: z.number() }));

/** A line for each bundle; none where there is no `.size-limit` file. */
export function bundleSizes(): readonly Line[] {
  if (!readdirSync(repository).some((name) => name.startsWith(".size-limit"))) return [];
  const { stdout, stderr } = spawnSync(join(repository, "node_modules/.bin/size-limit"), ["--json"], {
    cwd: repository,
    encoding: "utf8",
  });
  const report = Report.safeParse(parsed(stdout));
  if (!report.success) {
    console.error(`size-limit said nothing that can be read: ${stderr}`);
    return [];
  }
  return report.data.map(({ name, size }) => {
    const kibibytes = size / 1024;
    return {
      figure: `bundle ${name}`,
      title: `bundle: ${name}`,
      unit: "KiB",
      better: "less",
      values: { embedded: kibibytes },
      runs: { embedded: [kibibytes] },
    };
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
