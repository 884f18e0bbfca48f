/**
 * What the starter says once everything is up.
 *
 * @module
 */

import type { Plan } from "./plan.ts";
import type { Runtime } from "./runtime.ts";

/** What is up. */
export interface GreetingFacts {
  readonly runtime: Runtime;
  readonly plan: Plan;
  /** The site that is crawled. */
  readonly site: string;
}

/** Addresses, and the environment block to paste into an application. */
export function greetingOf({ runtime, plan, site }: GreetingFacts): readonly string[] {
  const { gateway, worker, web, beat, environment } = plan;
  return [
    "",
    `Umbel on ${runtime.name}. Everything is up:`,
    "",
    row("gateway", gateway.url, "takes messages and pushes them (QStash's API)"),
    row("", environment["UPSTASH_REDIS_REST_URL"] ?? "", "keeps states and results (Redis over REST)"),
    row("worker", worker.url, "runs tasks"),
    row("web", web.url, "starts a crawl and shows it: open it in a browser"),
    row("beat", beat.url, "sends what is due"),
    row("site", site, "is what the demo crawls"),
    "",
    ...plan.remarks.flatMap((remark) => [remark, ""]),
    "An application of yours reaches them with this environment:",
    "",
    ...Object.entries(environment)
      .filter(([name]) => name !== workerVariable)
      .map(([name, value]) => `  ${name}=${value}`),
    "",
    `Its calls are pushed to its own worker: set ${workerVariable} to where that will listen (the demo's has ${worker.url}).`,
    "",
  ];
}

/** The demo's parts have it too, but to whoever pastes the block it would name a worker that has none of their tasks. */
const workerVariable = "UMBEL_WORKER_URL";

function row(name: string, url: string, what: string): string {
  return `  ${name.padEnd(8)} ${url.padEnd(24)} ${what}`;
}
