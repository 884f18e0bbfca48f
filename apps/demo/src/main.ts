/**
 * `npm start`: starts every part on the runtime that this program runs on, then the demo, and stays until Ctrl-C.
 *
 * Ends with 0 when the demo went as it should, with 1 when it did not, with 2 when it was called wrongly, with 130 when
 * it was interrupted. However it ends, no part outlives it.
 *
 * @module
 */

import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Arguments, readArguments, usage, UsageError } from "./arguments.ts";
import { openDataFolder } from "./data-folder.ts";
import { greetingOf } from "./greeting.ts";
import { type Plan, type PlanOptions, planParts } from "./plan.ts";
import { repository } from "./repository.ts";
import { runDemo } from "./run-demo.ts";
import { currentRuntime } from "./runtime.ts";
import { openScreen } from "./screen.ts";
import { serveSite } from "./site/site.ts";
import { type Supervisor, supervise } from "./supervisor.ts";
import { inTurn } from "./turn.ts";

/** Whose turn it is to look for free ports. */
const turn = join(tmpdir(), "umbel-start");

try {
  const asked = readArguments(process.argv.slice(2));
  if (asked.help) console.log(`Usage: ${usage}`);
  else process.exit(await run(asked));
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(error instanceof UsageError ? 2 : 1);
}

/** Starts, demonstrates, stays, and ends everything. Resolves with the exit code. */
async function run(asked: Arguments): Promise<number> {
  const runtime = currentRuntime();
  const colour = process.stdout.isTTY && !process.env["NO_COLOR"];
  const screen = openScreen(process.stdout, { colour });
  const supervisor = supervise(runtime, screen);
  const interruption = interrupted();
  const data = await openDataFolder(asked.data, join(repository, ".umbel"));
  const site = asked.url === undefined ? await inTurn(turn, async () => await serveSite(repository)) : undefined;
  const url = asked.url ?? site?.url ?? "";
  let code = 130;

  async function demonstrate(): Promise<void> {
    const options = { runtime, data: data.path, site: url };
    const plan = await inTurn(turn, async () => await startAll(supervisor, options));
    screen.say(...greetingOf({ runtime, plan, site: url }));
    const out = asked.out === undefined ? join(repository, ".umbel/results") : resolve(asked.out);
    code = (await runDemo({ web: plan.web.url, url, site, out, screen })) ? 0 : 1;
    if (asked.once) return;
    screen.say(`Everything stays up until Ctrl-C. Start another crawl at ${plan.web.url}/`, "");
    await interruption;
  }

  try {
    await Promise.race([
      demonstrate(),
      interruption.then((signal) => screen.say(`Stopping (${signal}).`)),
      supervisor.failed,
    ]);
    return code;
  } finally {
    await supervisor.stop();
    await data.remove();
    site?.close();
  }
}

/** Finds ports and starts the parts: the gateway first, since the others need it. */
async function startAll(supervisor: Supervisor, options: PlanOptions): Promise<Plan> {
  const plan = await planParts(options);
  await supervisor.start(plan.gateway);
  await Promise.all([plan.worker, plan.web, plan.beat].map(async (part) => await supervisor.start(part)));
  return plan;
}

/** Resolves with the first signal that asks this program to end. A terminal and npm may both send it: once is enough. */
async function interrupted(): Promise<string> {
  return await new Promise((resolveOnce) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => resolveOnce(signal));
  });
}
