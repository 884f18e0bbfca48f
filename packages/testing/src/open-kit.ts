/**
 * Puts a kit together.
 *
 * @module
 */

import type { LogRecord, Umbel } from "@umbel/core";
import { type MemoryBroker, memoryBackend, memoryBroker } from "@umbel/memory";
import { secondsOf } from "@umbel/protocol";
import { worker } from "@umbel/worker";
import { type Acts, waitingActs } from "./acts.ts";
import { drawSeed } from "./dice.ts";
import { type Errand } from "./errand.ts";
import { journeyOf } from "./journey.ts";
import type { Endpoint, TestKit, TestKitOptions } from "./kit.ts";
import { type Ledger, openLedger } from "./ledger.ts";
import type { Life } from "./lives.ts";
import { noOutage, type Outage } from "./outage.ts";
import { isAimed, type Plan, planOf } from "./plan.ts";
import { guardPorts, type Ports } from "./ports.ts";
import { openPost, type Post } from "./post.ts";
import { rememberingSigner } from "./signer.ts";
import { simulate, type Simulation } from "./simulation.ts";
import { strikesOf } from "./strikes.ts";

/** Where every queue's worker is said to be. */
const url = "http://127.0.0.1:8787";

/** Takes an application, as `testKit` does. */
export function openKit(app: Umbel, options: TestKitOptions): TestKit {
  const { start = "2026-01-01T00:00:00Z", concurrency = 1, brokerRetries = 30 } = options;
  const seed = options.seed ?? announcedSeed(options);
  const world = simulate({ seed, start: new Date(start).getTime(), concurrency });
  const troubles = troublesOf(world, options);
  const endpoint = options.endpoint ?? worker(app, { publicUrl: url });
  const door = openDoor(endpoint, { world, troubles, retries: brokerRetries });
  const ports = { broker: door.broker, backend: memoryBackend({ now: world.clock.now }) };
  const lines: LogRecord[] = [];
  const lent = app.useConnections({
    ...guardedPorts(app, { world, troubles, ports }),
    platform: platformOf(world, options),
    log(record) {
      lines.push(record);
      options.log?.(record);
    },
  });
  return present({ world, troubles, door, ports, lines, lent, patience: options.patience ?? 100 });
}

/** What a kit is made of. */
interface Parts {
  readonly world: Simulation;
  readonly troubles: Troubles;
  readonly door: Door;
  readonly ports: Ports & Pick<Door, "broker">;
  readonly lines: LogRecord[];
  readonly lent: Disposable;
  readonly patience: number;
}

/** All of it as a test sees it. */
function present({ world, troubles, door, ports, lines, lent, patience }: Parts): TestKit {
  const { seed, clock, sleep } = world;
  const { post, broker, fetch } = door;
  const { plan, acts, ledger, outage } = troubles;
  const crash = (): void => {
    for (const life of world.lives.living) life.kill();
  };
  const { settle, advance } = journeyOf({ world, broker, post, outage, patience });
  return {
    ...ports,
    seed,
    lines,
    fetch,
    crash,
    settle,
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
    advance: async (time, how) => await advance(secondsOf(time), how),
    outage: (time) => outage.begin(secondsOf(time)),
    useFaults: (faults) => void (plan.faults = faults),
    async [Symbol.asyncDispose]() {
      crash();
      lent[Symbol.dispose]();
      await Promise.resolve();
    },
  };
}

/** A seed of the kit's own; told where chance will need it. */
function announcedSeed({ faults = [] }: TestKitOptions): number {
  const seed = drawSeed();
  if (!isAimed(faults))
    console.log(`umbel/testing: the same happens again with testKit(app, { seed: ${seed}, faults })`);
  return seed;
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
}

/** The broker, the worker, and what is between them. */
function openDoor(endpoint: Endpoint, { world, troubles, retries }: DoorOptions): Door {
  const { clock, lives, begin } = world;
  const { plan, ledger } = troubles;
  const handle = async (errand: Errand, request: Request) =>
    await lives.live(errand, async () => await endpoint.fetch(request));
  const random = world.dice("deliveries");
  const post = openPost({ plan, ledger, random, sleep: clock.sleep, handle, begin });
  const newId = world.ids("messages");
  const signer = rememberingSigner();
  const broker = memoryBroker({ now: clock.now, deliver: post.deliver, url, retries, signer, newId });
  return { post, broker, fetch: async (request) => await handle({ task: "a request", taskId: "" }, request) };
}

interface GuardedOptions extends Omit<DoorOptions, "retries"> {
  readonly ports: Ports;
}

/** Both ports, with everything in front of them that can go wrong. */
function guardedPorts(app: Umbel, { world, troubles, ports }: GuardedOptions): Ports {
  const { lives, turns, pulse } = world;
  const { plan, acts, ledger, outage } = troubles;
  const random = world.dice("calls");
  const freeze = (life: Life): void => freezeUntilTakeover(app, world, life);
  const strikes = strikesOf({ plan, ledger, lives, turns, outage, random, freeze });
  return guardPorts(ports, { lives, turns, pulse, acts, ledger, outage, strikes });
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
