/**
 * `umbel report`: what to say of an installation when something is wrong with it.
 *
 * @module
 */

import type { Command } from "commander";
import type { Found } from "../application/find-application.ts";
import { examplesOf } from "../examples.ts";
import { hostPlatform, hostRuntime } from "../host-platform.ts";
import { many } from "../many.ts";
import { sessionOf } from "../session.ts";
import { version } from "../version.ts";

/** Adds the command. */
export function addReport(program: Command): void {
  program
    .command("report")
    .description("versions, platform, connections, variables and changed settings, to send along with a question")
    .addHelpText("after", examplesOf("-A ./tasks.ts report", "-A ./tasks.ts report --json"))
    .action(async (_flags: object, command: Command) => {
      const { terminal, isJson, load } = sessionOf(command);
      const report = await reportOf(await load());
      if (isJson) return terminal.print(JSON.stringify(report));
      const { software, platform, application, transport, results, variables, settings } = report;
      terminal.print(
        `software -> ${Object.entries(software)
          .map(([name, which]) => `${name}:${which}`)
          .join(" ")}`,
      );
      terminal.print(`platform -> ${platform}`);
      terminal.print(`application -> ${application}`);
      terminal.print(`settings -> transport:${transport} results:${results}`);
      for (const part of [variables, settings]) {
        terminal.print("");
        for (const [name, value] of Object.entries(part)) terminal.print(`${name}: ${JSON.stringify(value)}`);
      }
    });
}

/** All of it; no secret is in it. */
async function reportOf({ app, module }: Found) {
  const { connectionsOf } = await import("../connections.ts");
  const { name, version: runtime } = hostRuntime();
  const { broker: transport, store: results } = connectionsOf(app);
  return {
    software: { umbel: version, [name.toLowerCase()]: runtime },
    platform: hostPlatform(),
    application: `${app.name} of ${module}, ${many(app.tasks.size, "task")}`,
    transport,
    results,
    variables: Object.fromEntries(variables.map((each) => [each, shown(each, app.environment(each))])),
    settings: app.conf.table(),
  };
}

/** Variables that decide about an installation. */
const variables = [
  "QSTASH_URL",
  "QSTASH_TOKEN",
  "QSTASH_CURRENT_SIGNING_KEY",
  "QSTASH_NEXT_SIGNING_KEY",
  "UPSTASH_REDIS_REST_URL",
  "UPSTASH_REDIS_REST_TOKEN",
  "UMBEL_WORKER_URL",
  "UMBEL_PUBLIC_URL",
  "UMBEL_QUEUES",
  "UMBEL_TARGETS",
  "UMBEL_RESULTS_TOKEN",
  "UMBEL_RESULTS_TOKEN_NEXT",
  "UMBEL_EVENTS_TOKEN",
  "UMBEL_CONTROL_TOKEN",
  "UMBEL_BEAT_TOKEN",
  "NODE_ENV",
] as const;

/** Of a secret only that it is there; an address without what it may carry of one. */
function shown(name: string, value: string | undefined): string | null {
  if (value === undefined || value === "") return null;
  if (/TOKEN|KEY/.test(name)) return "********";
  return value.replaceAll(/\/\/[^/@"\s]*@/g, "//********@");
}
