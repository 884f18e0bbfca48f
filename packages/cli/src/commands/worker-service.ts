/**
 * What `umbel worker` does: serves the application's tasks until the process is told to stop.
 *
 * @module
 */

import { hostname as machineName } from "node:os";
import process from "node:process";
import { type LogLevel, MissingSettingError, type Umbel } from "umbel";
import { runBeat } from "umbel/beat";
import { type WatchedOptions, worker } from "umbel/worker";
import type { Found } from "../application/find-application.ts";
import { knownQueues } from "../application/known-queues.ts";
import { scheduleOf } from "../application/schedule-of.ts";
import { CommandError } from "../failure.ts";
import { type Fetch, serveHttp } from "../http-server.ts";
import type { Lookout } from "../serving/lookout.ts";
import { followTasks } from "../serving/running-tasks.ts";
import { giveSign } from "../serving/signs.ts";
import type { Starter } from "../serving/starter.ts";
import { staySeen } from "../serving/stay-seen.ts";
import { tellStrayErrors } from "../serving/stray-errors.ts";
import type { Session } from "../session.ts";
import { aborted, toldToStop } from "../told-to-stop.ts";
import { shownWorker, workerBanner, type WorkerFacts } from "./worker-banner.ts";
import { endWorker } from "./worker-end.ts";

/** What can be asked of a worker. */
export interface WorkerFlags {
  readonly hostname?: string;
  readonly queues?: readonly string[];
  readonly loglevel?: LogLevel;
  readonly taskEvents?: true;
  readonly beat?: true;
  readonly port?: number;
  readonly host?: string;
  /** Seconds. */
  readonly heartbeatInterval?: number;
  readonly timeLimit?: number;
  readonly softTimeLimit?: number;
}

/** What it is served with. */
export interface Serving extends Session {
  readonly lookout: Lookout;
  /** Who takes its signs. */
  readonly starter: Starter | undefined;
}

/**
 * Serves the tasks. Resolves when the process was told to stop and all that was running then has ended. Throws `CommandError`
 * when it cannot serve them: a setting is missing, the port is taken.
 */
export async function workerService(found: Found, serving: Serving, flags: WorkerFlags): Promise<void> {
  const { app } = found;
  checkBroker(app);
  configure(app, flags);
  const log = app.logger({ logger: "umbel" });
  tellStrayErrors(log);
  const { hostname, queues } = { hostname: nameOf(app, flags.hostname), queues: flags.queues ?? knownQueues(app) };
  const background = new Set<Promise<unknown>>();
  const { fetch } = worker(app, {
    hostname,
    waitUntil: (work) => keep(background, work),
    announce: true,
    ...watchedOf(flags),
  });
  const running = followTasks(app, serving.lookout.see);
  const stop = toldToStop();
  const server = await serveHttp(fetch, { port: flags.port ?? 8787, host: flags.host ?? "127.0.0.1" });
  process.env["UMBEL_WORKER_URL"] ??= server.url; // What its tasks send comes back to it, unless somebody says otherwise.
  warnOfAddress(app, server.url);
  warnOfQueues(app, server.url, queues);
  tellServing({ app, hostname, url: server.url, queues, isBeat: flags.beat === true, now: new Date() }, serving);
  await checkReady(fetch, server.url);
  staySeen({ fetch, url: server.url, interval: flags.heartbeatInterval ?? 30 }, stop);
  giveSign(serving.starter, { ready: true });
  log.info(`${hostname} ready.`);
  const beating = flags.beat === true ? runBeat(scheduleOf(found), { signal: stop }) : undefined;
  await Promise.race([aborted(stop), ...(beating === undefined ? [] : [beating])]);
  log.info("worker: Warm shutdown: what runs is finished, nothing else is taken. A second signal ends it at once.");
  if (running.calls().length > 0) log.info(`worker: It waits for ${shortened(running.calls())}.`);
  await endWorker({ app, hostname, server, background, beating, log, starter: serving.starter });
  log.info("worker: Stopped.");
}

/** By its banner; where it was started for `umbel dev`, that prints it, once. */
function tellServing(facts: WorkerFacts, { terminal, isJson, starter }: Serving): void {
  const { app, hostname, url } = facts;
  const banner = isJson ? [JSON.stringify(shownWorker(facts))] : workerBanner(facts, terminal);
  if (starter === undefined) for (const line of banner) terminal.print(line);
  giveSign(starter, { serving: { hostname, url, tasks: [...app.tasks.keys()], banner } });
}

/** So many calls are named at most. */
const mostNamed = 5;

function shortened(calls: readonly string[]): string {
  const more = calls.length - mostNamed;
  return calls.slice(0, mostNamed).join(", ") + (more > 0 ? ` and ${more} more` : "");
}

/** What is said of it where something else is meant than the worker's own defaults. */
function watchedOf({ queues, heartbeatInterval }: WorkerFlags): WatchedOptions {
  return { ...(queues !== undefined && { queues }), ...(heartbeatInterval !== undefined && { heartbeatInterval }) };
}

function configure({ conf }: Umbel, flags: WorkerFlags): void {
  if (flags.loglevel !== undefined) conf.update({ workerLogLevel: flags.loglevel });
  if (flags.taskEvents === true) conf.update({ workerSendTaskEvents: true });
  if (flags.timeLimit !== undefined) conf.update({ taskTimeLimit: flags.timeLimit });
  if (flags.softTimeLimit !== undefined) conf.update({ taskSoftTimeLimit: flags.softTimeLimit });
}

/** Where callers send may be a proxy's address, which nobody here can know; another port of this machine is most likely a mistake. */
function warnOfAddress(app: Umbel, served: string): void {
  const url = app.environment("UMBEL_WORKER_URL");
  if (url === undefined || !URL.canParse(url)) return;
  const [named, here] = [new URL(url), new URL(served)];
  if (!isLocalUrl(named) || named.port === here.port) return;
  app
    .logger({ logger: "umbel" })
    .warning(
      `It is served at ${served}, and UMBEL_WORKER_URL says ${named.origin}: what is sent by that goes elsewhere`,
    );
}

/** What is not served and is pushed here all the same waits until somebody else stands here. */
function warnOfQueues(app: Umbel, served: string, queues: readonly string[]): void {
  const here = knownQueues(app).filter((queue) => !queues.includes(queue) && targetOf(app, queue) === served);
  if (here.length === 0) return;
  const names = here.join(", ");
  app
    .logger({ logger: "umbel" })
    .warning(
      `-Q leaves out ${names}, and what is sent there comes here: it waits until UMBEL_QUEUES names another worker`,
    );
}

/** What is wrong with the variables is the broker's to say. */
function targetOf({ broker }: Umbel, queue: string): string | undefined {
  try {
    return broker.targetOf?.(queue);
  } catch {
    return undefined;
  }
}

function isLocalUrl({ hostname }: URL): boolean {
  return /^(?:localhost|127\..+|\[::1\])$/.test(hostname);
}

/** A name without a place gets the application's; `%h` is the machine's name, `%n` and `%d` its first and further parts. */
function nameOf({ name }: Umbel, given = "worker"): string {
  const host = machineName();
  const [first = "", ...further] = host.split(".");
  const parts: Readonly<Record<string, string>> = { h: host, n: first, d: further.join("."), "%": "%" };
  const written = given.replaceAll(/%([hnd%])/g, (_, letter: string) => parts[letter] ?? "");
  return written.includes("@") ? written : `${written}@${name}`;
}

/** Work that goes on after an answer: tasks that are acknowledged before they run. */
function keep(background: Set<Promise<unknown>>, work: Promise<unknown>): void {
  background.add(work);
  const drop = () => void background.delete(work);
  work.then(drop, drop);
}

/** Throws where there is none. Which variables it lacks is told by the health check, all at once. */
function checkBroker(app: Umbel): void {
  try {
    app.connected(app.environment);
  } catch (error) {
    if (!(error instanceof MissingSettingError)) throw error;
  }
}

/** Asks the worker's own health check, which also has it begin, and be seen. */
async function checkReady(fetch: Fetch, url: string): Promise<void> {
  const answer = await fetch(new Request(url));
  if (answer.ok) return;
  const { detail = "" }: { readonly detail?: string } = await answer.json();
  throw new CommandError(`the worker cannot start. ${detail}`);
}
