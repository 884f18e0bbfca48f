/**
 * What happens to tasks and workers, a line each.
 *
 * @module
 */

import { Umbel } from "umbel";
import { events, monitorLine } from "umbel/events";
import { upstash } from "umbel/upstash";

/** Calls `say` with a line for each event, but for signs of life, until the signal aborts. */
export async function eventLines(
  env: Readonly<Record<string, string>>,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const app = new Umbel("dev", { backend: upstash(), env, log: () => undefined });
  const receiver = events(app);
  for await (const event of receiver.iterate({ signal })) {
    if (event.type !== "worker-heartbeat") say(monitorLine(event, receiver.state));
  }
}
