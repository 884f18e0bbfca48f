/**
 * The end of a worker that was told to stop: what runs is finished, and whoever watches is told.
 *
 * Neither waits for a store that is away: nothing that is promised of a task depends on it.
 *
 * @module
 */

import type { Logger, Umbel } from "umbel";
import { leave } from "umbel/control";
import { lineOf } from "../failure.ts";
import type { HttpServer } from "../http-server.ts";
import { giveSign } from "../serving/signs.ts";
import type { Starter } from "../serving/starter.ts";

/** What ends. */
export interface Ending {
  readonly app: Umbel;
  readonly hostname: string;
  readonly server: HttpServer;
  /** Work that goes on after its answer. */
  readonly background: ReadonlySet<Promise<unknown>>;
  /** The loop of beat, which was told to stop as well. */
  readonly beating: Promise<void> | undefined;
  readonly log: Pick<Logger, "warning">;
  /** Who is told once it listens no more. */
  readonly starter: Starter | undefined;
}

/** Seconds for a store or a broker to answer whoever wants to end. */
const patience = 3;

/** Resolves once all of it is over. */
export async function endWorker({ app, hostname, server, starter, ...ending }: Ending): Promise<void> {
  const { background, beating, log } = ending;
  const drained = server.drain();
  giveSign(starter, { left: true });
  await drained;
  while (background.size > 0) await Promise.allSettled(background);
  if (!(await endsSoon(app, beating))) {
    log.warning(
      `beat: A tick is left in the middle, for nothing has answered it in ${patience} s: the next one does the rest`,
    );
  }
  if (!app.hasBackend || (await isReplaced(server.url, hostname))) return;
  const leaving = leave(app, hostname).catch((error: unknown) => log.warning(`${untold}: ${lineOf(error)}`));
  if (!(await endsSoon(app, leaving))) log.warning(`${untold}: the store has not answered in ${patience} s`);
}

/** What is the matter then is nothing that one could mend. */
const untold = "Nobody was told that it stops, and it counts as online for a minute more";

/** Whether something ends in time; throws what it throws. */
async function endsSoon({ platform }: Umbel, work: Promise<unknown> | undefined): Promise<boolean> {
  const timer = new AbortController();
  try {
    const late = platform.sleep(patience, timer.signal).then(no, no);
    return await Promise.race([Promise.resolve(work).then(yes), late]);
  } finally {
    timer.abort();
  }
}

function yes(): boolean {
  return true;
}

function no(): boolean {
  return false;
}

/** Whether another of this name serves at its address by now, as in `umbel dev`: then the name goes on. */
async function isReplaced(url: string, hostname: string): Promise<boolean> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(1000) });
    const { worker }: { readonly worker?: unknown } = Object(await answer.json());
    return worker === hostname;
  } catch {
    return false;
  }
}
