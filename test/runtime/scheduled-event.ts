/**
 * A Worker that gets its cron triggers from workerd itself: what is called is its `scheduled`, with a real event.
 *
 * @module
 */

import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { launchProgram, repository, type RunningProgram } from "../running-program.ts";
import { bundleForCloudflare } from "./cloudflare-bundle.ts";
import { workerdConfig } from "./workerd-config.ts";

/** The beat app, served by workerd. */
export interface ScheduledWorker {
  readonly program: RunningProgram;
  /** Has the cron trigger come, as wrangler.jsonc has it; what workerd says of the event's end, `ok` or why not. */
  readonly trigger: () => Promise<string>;
}

/** Starts beat as a deployment would upload it; whoever calls has to kill it. */
export async function launchScheduled(
  environment: Readonly<Record<string, string>>,
  folder: string,
): Promise<ScheduledWorker> {
  const cron = await cronOf("beat");
  const bundle = await bundleForCloudflare("beat", folder);
  const file = join(folder, "beat.capnp");
  await writeFile(file, workerdConfig({ bundle, bindings: environment, front: "trigger.js" }));
  await writeFile(join(folder, "trigger.js"), platform);
  // Only what is being tried out lets one Worker call the other's `scheduled`.
  const program = launchProgram(["node_modules/.bin/workerd", "serve", "--experimental", "--control-fd=1", file]);
  const [, port] = await program.until(/"port": ?(\d+)/);
  return {
    program,
    trigger: async () => await (await fetch(`http://127.0.0.1:${port}/?cron=${encodeURIComponent(cron)}`)).text(),
  };
}

/** The one cron trigger in an app's wrangler.jsonc. */
async function cronOf(app: string): Promise<string> {
  const text = await readFile(join(repository, "apps", app, "wrangler.jsonc"), "utf8");
  const [, cron] = /"crons": \["([^"]+)"\]/.exec(text) ?? [];
  if (cron === undefined) throw new Error(`apps/${app}/wrangler.jsonc has no cron trigger`);
  return cron;
}

/** In the place of Cloudflare's own clock. */
const platform = `export default {
  async fetch(request, { APP }) {
    const cron = new URL(request.url).searchParams.get("cron");
    const { outcome } = await APP.scheduled({ cron, scheduledTime: new Date() });
    return new Response(outcome);
  },
};
`;
