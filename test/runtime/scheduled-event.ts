/**
 * A Worker that gets its cron triggers from workerd itself: what is called is its `scheduled`, with a real event.
 *
 * @module
 */

import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { launchProgram, repository, type RunningProgram } from "../running-program.ts";
import { bundleForCloudflare } from "./cloudflare-bundle.ts";

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
  await writeFile(file, configuration(bundle, environment));
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

function configuration(bundle: string, bindings: Readonly<Record<string, string>>): string {
  const variables = Object.entries(bindings).map(
    ([name, text]) => `(name = ${JSON.stringify(name)}, text = ${JSON.stringify(text)})`,
  );
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "app", worker = (
      compatibilityDate = "2026-08-04",
      globalOutbound = "everywhere",
      modules = [(name = "app.js", esModule = embed "${bundle}")],
      bindings = [${variables.join(", ")}])),
    (name = "platform", worker = (
      compatibilityDate = "2026-08-04",
      compatibilityFlags = ["service_binding_extra_handlers"],
      modules = [(name = "platform.js", esModule = embed "trigger.js")],
      bindings = [(name = "APP", service = "app")])),
    (name = "everywhere", network = (allow = ["public", "private"]))],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "platform")]);
`;
}
