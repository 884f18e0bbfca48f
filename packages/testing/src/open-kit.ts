/**
 * Puts a kit together.
 *
 * @module
 */

import { lendConnections, type Loan, type LogRecord, type Umbel } from "@umbel/core";
import { type MemoryBroker, memoryBackend, memoryBroker } from "@umbel/memory";
import { type Duration, ImproperlyConfigured, secondsOf } from "@umbel/protocol";
import { worker } from "@umbel/worker";
import { type Acts, waitingActs } from "./acts.ts";
import { checkFaults } from "./check-faults.ts";
import { drawSeed } from "./dice.ts";
import { type Errand, errandWithout } from "./errand.ts";
import { journeyOf } from "./journey.ts";
import type { TestKit } from "./kit.ts";
import type { KitLimits, TestKitOptions } from "./kit-options.ts";
import { type Ledger, openLedger } from "./ledger.ts";
import type { Keep, Life } from "./lives.ts";
import { noOutage, type Outage } from "./outage.ts";
import { type Plan, planOf } from "./plan.ts";
import { guardPorts, type Ports } from "./ports.ts";
import { openPost, type Post } from "./post.ts";
import { rememberingSigner } from "./signer.ts";
import { simulate, type Simulation } from "./simulation.ts";
import { strikesOf } from "./strikes.ts";

/** Where every queue's worker is said to be. */
const url = "http://127.0.0.1:8787";

/** Takes an application, as `testKit` does. */
export function openKit(app: Umbel, options: TestKitOptions): TestKit {
  const { start = "2026-01-01T00:00:00Z", concurrency = 1, brokerRetries = 30, limits = {} } = options;
  const { maxMessageSize, maxDelay, ...storeLimits } = limits;
  const seed = options.seed ?? drawSeed();
  const onChance = options.seed === undefined ? () => announce(seed) : () => undefined;
  const world = simulate({ seed, start: new Date(start).getTime(), concurrency, onChance });
  const troubles = troublesOf(world, options);
  const endpoint = options.endpoint ?? worker(app, { publicUrl: url, waitUntilLimit: null });
  // What runs in the kit keeps the kit's connections, also where it outlives the kit.
  const handle: Handle = async (request, keep) =>
    await lent.run(() => endpoint.fetch(request, undefined, { waitUntil: keep, passThroughOnException, props: {} }));
  const door = openDoor(handle, {
    world,
    troubles,
    retries: brokerRetries,
    traits: givenOf({ maxMessageSize, maxDelay }),
  });
  const ports = { broker: door.broker, backend: memoryBackend({ now: world.clock.now, ...storeLimits }) };
  const lines: LogRecord[] = [];
  const lent = lendConnections(app, {
    ...guardedPorts(app, { world, troubles, ports }),
    platform: platformOf(world, options),
    log(record) {
      lines.push(record);
      options.log?.(record);
    },
  });
  return present({ world, troubles, door, ports, lines, lent, patience: options.patience ?? 100 });
}

/** The broker's own limits hold where none is given. */
function givenOf({ maxMessageSize, maxDelay }: { [K in keyof DoorOptions["traits"]]: number | undefined }) {
  return {
    ...(maxMessageSize === undefined ? {} : { maxMessageSize }),
    ...(maxDelay === undefined ? {} : { maxDelay }),
  };
}

/** What a kit is made of. */
interface Parts {
  readonly world: Simulation;
  readonly troubles: Troubles;
  readonly door: Door;
  readonly ports: Ports;
  readonly lines: LogRecord[];
  readonly lent: Loan;
  readonly patience: number;
}

/** All of it as a test sees it. */
function present({ world, troubles, door, ports, lines, lent, patience }: Parts): TestKit {
  const { seed, clock, sleep } = world;
  const { post, broker, fetch } = door;
  const { plan, acts, ledger, outage } = troubles;
  const journey = journeyOf({ world, broker, post, outage, patience, arrived: acts.pass });
  return {
    ...ports,
    seed,
    lines,
    fetch,
    run: async (name, work) => await world.lives.live(errandWithout(name), async () => await lent.run(work)),
    pushes: post.pushes,
    answers: post.answers,
    deadLetters: broker.deadLetters,
    waiting: broker.waiting,
    fired: ledger.fired,
    calls: ledger.calls,
    steps: ledger.steps,
    clock: { now: clock.now, sleepers: clock.sleepers, sleep },
    now: clock.now,
    before: acts.before,
    after: acts.after,
    redeliver: post.redeliver,
    settle: journey.settle,
    advance: async (time, how) => await journey.advance(forwards("advance", time), how),
    crash: () => crash(world, ledger),
    outage: (time) => outage.begin(forwards("outage", time)),
    useFaults(faults) {
      checkFaults(faults);
      plan.faults = faults;
    },
    async [Symbol.asyncDispose]() {
      world.end();
      lent[Symbol.dispose]();
      await refuseMissed(acts);
    },
  };
}

/** Seconds. Throws `ImproperlyConfigured` for what is no length of time: a clock does not go back. */
function forwards(method: string, time: Duration): number {
  const seconds = secondsOf(time);
  if (seconds >= 0) return seconds;
  throw new ImproperlyConfigured(`kit.${method}(${seconds}): give seconds from 0 on, or a text such as "1h30m"`);
}

function crash({ lives }: Simulation, ledger: Ledger): void {
  for (const life of lives.living) {
    ledger.note({ fault: "crash" }, life);
    life.kill();
  }
}

/** A test that passes because what it wanted done was never done would prove nothing. */
async function refuseMissed(acts: Acts): Promise<void> {
  const missed = acts.missed();
  if (missed.length > 0) throw new Error(`No such call has come: ${missed.join(", ")}`);
}

/** A seed that nobody has chosen is told as soon as something depends on it. */
function announce(seed: number): void {
  console.log(`umbel/testing: the same happens again with testKit(app, { ...options, seed: ${seed} })`);
}

/** All that can go wrong, and what did. */
interface Troubles {
  readonly plan: Plan;
  readonly acts: Acts;
  readonly ledger: Ledger;
  readonly outage: Outage;
}

function troublesOf(world: Simulation, { faults = [] }: TestKitOptions): Troubles {
  return {
    plan: planOf(faults, world.dice("faults")),
    acts: waitingActs(),
    ledger: openLedger(world.clock.now),
    outage: noOutage(world.clock.now),
  };
}

interface Door {
  readonly post: Post;
  readonly broker: MemoryBroker;
  readonly fetch: (request: Request) => Promise<Response>;
}

interface DoorOptions {
  readonly world: Simulation;
  readonly troubles: Troubles;
  readonly retries: number;
  readonly traits: Pick<KitLimits, "maxMessageSize" | "maxDelay">;
}

/** Hands a request to the worker, and keeps going what it wants kept. */
type Handle = (request: Request, keep: Keep) => Promise<Response>;

function passThroughOnException(): void {
  // There is nothing that an exception could pass through to.
}

/** The broker, the worker, and what is between them. */
function openDoor(endpoint: Handle, { world, troubles, retries, traits }: DoorOptions): Door {
  const { clock, lives, begin } = world;
  const { plan, ledger } = troubles;
  const handle = async (errand: Errand, request: Request) =>
    await lives.live(errand, async (keep) => await endpoint(request, keep));
  const random = world.dice("deliveries");
  const post = openPost({ plan, ledger, random, sleep: clock.sleep, handle, begin });
  const newId = world.ids("messages");
  const signer = rememberingSigner();
  const broker = memoryBroker({ now: clock.now, deliver: post.deliver, url, retries, signer, newId, traits });
  return { post, broker, fetch: async (request) => await handle(errandWithout("a request"), request) };
}

interface GuardedOptions extends Omit<DoorOptions, "retries" | "traits"> {
  readonly ports: Ports;
}

/** Both ports, with everything in front of them that can go wrong. */
function guardedPorts(app: Umbel, { world, troubles, ports }: GuardedOptions): Ports {
  const { lives, turns, pulse } = world;
  const { plan, acts, ledger, outage } = troubles;
  const random = world.dice("calls");
  const freeze = (life: Life): void => freezeUntilTakeover(app, world, life);
  const strikes = strikesOf({ plan, ledger, lives, turns, outage, random, freeze });
  return guardPorts(ports, { lives, turns, pulse, acts, ledger, outage, strikes, over: world.over });
}

function platformOf(world: Simulation, options: TestKitOptions) {
  const { random = world.dice("application") } = options;
  return { now: world.clock.now, sleep: world.sleep, random, newId: world.ids("ids") };
}

/** Seconds after which a frozen worker that nobody has taken over from goes on, beside its lease. */
const longestFreeze = 3600;

/** The broker gives up the connection before the lease ends, so that it comes back, and another worker takes over. */
function freezeUntilTakeover(app: Umbel, { clock }: Simulation, life: Life): void {
  const lease = secondsOf(app.conf.workerLease);
  life.freeze();
  clock.sleep(lease / 2, life.death).then(life.disconnect, ignore);
  clock.sleep(lease + longestFreeze, life.death).then(life.thaw, ignore);
}

function ignore(): void {
  // The frozen one has died: nothing is left to be done.
}
