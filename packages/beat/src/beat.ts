/**
 * Beat's HTTP app: something that keeps time calls it, and it sends what is due.
 *
 * @module
 */

import { needBackend, type OtherHalves, problem, readBody, readiness, serving, type Umbel } from "@umbel/core";
import { type Duration, UmbelError } from "@umbel/protocol";
import { Hono } from "hono";
import { checkGiven } from "./beat-options.ts";
import { begin } from "./begin.ts";
import { refusalOf } from "./caller.ts";
import type { BeatEntries, BeatEntry, EntriesFor } from "./entry.ts";
import { horizonOf } from "./horizon.ts";
import { needsOf } from "./needs.ts";
import { type Planner, planner } from "./plan.ts";
import type { PlannedEntry } from "./planned-entry.ts";
import { scheduleRoutes } from "./schedule-routes.ts";
import { keepIn, storeOf, type StoreOptions } from "./store.ts";
import { type Tick, tick as tickOnce } from "./tick.ts";

/** Options of {@link beat}. A broker that is connected for callers only needs its other half; `umbel/beat` gives ours. */
export interface BeatOptions extends Partial<Pick<OtherHalves, "brokers">>, StoreOptions {
  /** The bearer token of `POST /tick`; `UMBEL_BEAT_TOKEN` when not given. */
  readonly token?: string;
  /** This app's address as the broker calls it; `UMBEL_PUBLIC_URL`, else each request's own URL. */
  readonly publicUrl?: string;
  /**
   * Who ticks, where only one does: whoever has the token, a schedule of the broker (known by its signature), or this
   * platform by `tick` or `scheduled`, without a request. Nobody else may then, and no other secret is needed. When absent
   * the first two may, and one of their secrets is needed.
   */
  readonly tickedBy?: "token" | "broker" | "platform";
  /**
   * What is due within so long is sent ahead, and the broker holds it until its time: so runs begin on the second although
   * ticks come once a minute. Longer than the time between two ticks, at most five minutes. Default 90 seconds.
   */
  readonly horizon?: Duration;
  /**
   * True: the entries of code are a deployment's elsewhere. Then this one, while it has none of its own, sends what was added at
   * run time and takes no entry of that deployment for gone. So it is as well where no entries are given at all: `beat(app)`.
   */
  readonly isGuest?: boolean;
}

/** A Hono app, with other ways in for platforms that tick by themselves. */
export interface Beat extends Hono {
  /** The application whose calls it sends. */
  readonly app: Umbel;
  /**
   * Reads the entries of settings and of `addPeriodicTask` as well, without a tick: so that `schedules(app)` knows in this
   * process what only code can say of an entry. Resolves with the names of all. Throws `ImproperlyConfigured`.
   */
  begin(): Promise<readonly string[]>;
  /** Sends what is due now, and says what could not be sent. Throws `BackendUnavailable`. For a timer of your own. */
  tick(): Promise<Tick>;
  /**
   * The same for a platform's cron, which tells of what throws: Cloudflare's trigger calls it, where `environment` are the Worker's
   * bindings; `Deno.cron` is given it. Throws what stopped the tick, and an error where a run could not be sent.
   */
  scheduled(event?: unknown, environment?: Readonly<Record<string, unknown>>): Promise<void>;
}

/** The largest body of a tick, in bytes. Nothing in it is read, but its signature covers it. */
const maxBody = 65_536;
const tooLarge = `The body is larger than ${maxBody} bytes`;

/**
 * Makes the Hono app for a schedule: `POST /tick` sends what is due and says what it sent, `GET /` shows the entries,
 * and answers 503 while a setting is missing. Any number of ticks, at once or late, send each turn of an entry once.
 * Without entries it sends those of other sources, and what the store has. Throws `ImproperlyConfigured` for an entry without a
 * complete call, for one whose schedule makes no sense, and for an option that there is not.
 */
export function beat<T extends Readonly<Record<string, BeatEntry["task"]>>>(
  app: Umbel,
  entries?: EntriesFor<T>,
  options?: BeatOptions,
): Beat;
export function beat(app: Umbel, entries?: BeatEntries, options: BeatOptions = {}): Beat {
  checkGiven(app, entries ?? {}, options);
  if (options.store !== undefined) keepIn(app, options.store);
  const { isGuest = entries === undefined } = options;
  const planned = planner(app, entries ?? {});
  const horizon = horizonOf(options.horizon);
  const door = { app: serving(app, options), environment: app.environment, options };
  const hono = new Hono();
  hono.use(async (context, next) => {
    app.useEnvironment(context.env);
    await begin(app);
    await next();
  });
  hono.onError((error) => answerError(app, error));
  const unready = readiness(app, async (ports, environment) => {
    needBackend(app, "beat");
    await needsOf(options, ports, environment);
  });
  hono.get("/", async (context) => {
    return (await unready()) ?? context.json({ app: app.name, entries: Array.from((await planned()).values(), shown) });
  });
  hono.post("/tick", async (context) => {
    const body = await readBody(context.req.raw, maxBody);
    if (body === undefined) return problem({ status: 413, code: "BODY_TOO_LARGE", detail: tooLarge });
    const refusal = await refusalOf(door, context, body);
    if (refusal !== undefined) return problem({ status: 401, code: "UNAUTHORIZED", detail: refusal });
    return answer(await ticked());
  });
  hono.route("/schedules", scheduleRoutes({ app, door, ready: planned }));
  return Object.assign(hono, waysIn(app, planned, ticked));

  async function ticked(): Promise<Tick> {
    const plan = await planned();
    const registers = !isGuest || plan.size > 0;
    return await tickOnce({ app, store: storeOf(app, options), plan, registers, horizon });
  }
}

/** The ways in without a request. */
function waysIn(app: Umbel, planned: Planner, ticked: () => Promise<Tick>): Omit<Beat, keyof Hono> {
  return { app, begin: started, tick, scheduled };

  async function started(): Promise<readonly string[]> {
    await begin(app);
    return [...(await planned()).keys()];
  }

  async function tick(): Promise<Tick> {
    await begin(app);
    return await ticked();
  }

  async function scheduled(_event?: unknown, environment?: Readonly<Record<string, unknown>>): Promise<void> {
    app.useEnvironment(environment);
    const { failed } = await tick();
    if (failed.length > 0) throw new Error(`Beat could not send ${failed.map((each) => each.entry).join(", ")}`);
  }
}

/** 503 when anything failed, so that a broker's schedule comes again. */
function answer(done: Tick): Response {
  return Response.json(done, { status: done.failed.length > 0 ? 503 : 200 });
}

/** Anybody may ask: arguments are nobody's business. */
function shown({ name, schedule, spec: { task } }: PlannedEntry) {
  return { name, task: task.task, schedule: String(schedule) };
}

function answerError(app: Umbel, error: Error): Response {
  const code = error instanceof UmbelError ? error.code : "UNAVAILABLE";
  const log = app.logger({ logger: "umbel.beat" });
  const isPassing = error instanceof UmbelError && error.transient;
  if (isPassing) log.error(`A request could not be answered for now: ${error.message}`);
  else log.critical(`A request could not be answered: ${error.stack ?? error.message}`);
  const status = isPassing ? 503 : 500;
  const detail = error instanceof UmbelError ? error.message : "Beat failed; the log says why";
  return problem({ status, code, detail });
}
