/**
 * What a deployment to Cloudflare would upload: the one file that `wrangler deploy --dry-run` makes of an app.
 *
 * @module
 */

import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { repository } from "../running-program.ts";

const run = promisify(execFile);

/** An app that is deployed. */
export type AppName = "worker" | "web" | "beat";

/** Bundles an app into a folder; gives the file's name in it. The packages are read as they are, without a build. */
export async function bundleForCloudflare(app: AppName, folder: string): Promise<string> {
  const wrangler = join(repository, "node_modules/wrangler/bin/wrangler.js");
  await run(process.execPath, [wrangler, "deploy", "--dry-run", "--outdir", join(folder, app)], {
    cwd: join(repository, "apps", app),
    env: {
      ...process.env,
      WRANGLER_BUILD_CONDITIONS: "@umbel/source,workerd,worker,browser",
      WRANGLER_SEND_METRICS: "false",
    },
  });
  return join(app, "cloudflare.js");
}
