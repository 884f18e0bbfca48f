/**
 * Umbel over real HTTP, in real time: the embedded gateway, a worker on loopback, and a proxy before each of its three
 * servers that lets requests go wrong.
 *
 * @module
 */

import { qstash } from "@umbel/qstash";
import { upstash, type UpstashOptions } from "@umbel/upstash-redis";
import { Umbel } from "umbel";
import { worker } from "umbel/worker";
import { openGateway } from "../gateway.ts";
import { serve } from "../serve.ts";
import { judge } from "./judge.ts";
import type { Canvas } from "./plan.ts";
import { type ProxyFault, startProxy } from "./proxy.ts";
import { otherQueue } from "./build.ts";
import { sendCanvas } from "./send.ts";
import { declareSteps, type Delays } from "./steps.ts";
import { openTestimony, testimonyOf } from "./witness.ts";

/** Real time: as little of it as there may be. */
const delays: Delays = {
  retry: 0,
  later: 0.5,
  expiry: 1,
  tooLate: 2,
  slow: 0.1,
  apart: 0.2,
  rate: 100,
  period: 1,
};

/** Bytes: a few steps fit into a message, and nothing that is large. */
const maxMessageSize = 20_000;

/** Seconds that a lease lasts: so long a task waits whose claim was answered to nobody, and a busy machine may take. */
const lease = 8;

/** What the broker waits between deliveries, and what it waits here: milliseconds. */
const retryDelay = {
  real: /min\(3600000, 5000 \* pow\([\d.]+, retried\)\)/g,
  here: "min(1000, 100 * pow(2, retried))",
};

/** A canvas that was sent. */
export interface Sent {
  readonly canvas: Canvas;
  /** What is wrong with it now, a sentence each: much, as long as it runs. */
  readonly wrong: () => Promise<readonly string[]>;
  /** What went wrong with requests that said something of it. */
  readonly struckBy: () => readonly ProxyFault[];
}

/** A deployment. */
export interface Deployment {
  /** When the worker was last asked for anything: milliseconds since 1970. */
  readonly busyAt: () => number;
  /** Sends a canvas. */
  readonly send: (canvas: Canvas) => Promise<Sent>;
  readonly stop: () => Promise<void>;
}

/** Starts everything on free ports. `draw` says what goes wrong with the next request, if anything does. */
export async function deploy(draw: () => ProxyFault | undefined): Promise<Deployment> {
  const fired: Fired[] = [];
  const testimony = openTestimony();
  const servers = await startServers(noting(draw, fired));
  const { serving, app } = servers;
  const setting = { witness: testimony.witness, delays };
  for (const each of serving) declareSteps(each, setting);
  const call = declareSteps(app, setting);
  let runs = 0;
  return {
    busyAt: servers.busyAt,
    stop: async () => await servers.stop(),
    async send(canvas) {
      // No run's name is part of another's.
      const run = `run${runs++}-`;
      const sent = await sendCanvas(canvas, { app, call, delays, run, holdsBack: false });
      const told = () => testimonyOf(run, testimony);
      const chance = { cutOff: () => 0, isCalm: () => false };
      return {
        canvas,
        wrong: async () => await judge(canvas, { app, ...sent, ...told(), ...chance }),
        struckBy() {
          const own = [run, ...told().beginnings.map(({ id }) => id)];
          return fired.filter(({ body }) => own.some((name) => body.includes(name))).map(({ fault }) => fault);
        },
      };
    },
  };
}

/** A request that went wrong. */
interface Fired {
  readonly fault: ProxyFault;
  readonly body: string;
}

type FaultFor = (body: string) => ProxyFault | undefined;

function noting(draw: () => ProxyFault | undefined, fired: Fired[]): FaultFor {
  return (body) => {
    const fault = draw();
    if (fault !== undefined) fired.push({ fault, body });
    return fault;
  };
}

/** Two services, of which the other has a queue of its own. */
async function startServers(faultFor: FaultFor) {
  const gateway = await openGateway();
  let busyAt = Date.now();
  const busy = () => (busyAt = Date.now());
  const pushed = await startProxy({ target: () => service.url, faultFor });
  const pushedElsewhere = await startProxy({ target: () => otherService.url, faultFor });
  const broker = await startProxy({ target: () => gateway.url, rewrite: hastened, faultFor });
  const store = await startProxy({ target: () => gateway.restUrl, faultFor });
  const variables = {
    ...gateway.variables,
    QSTASH_URL: broker.url,
    UMBEL_WORKER_URL: pushed.url,
    UMBEL_QUEUES: JSON.stringify({ [otherQueue]: pushedElsewhere.url }),
  };
  const serving = [pushed, pushedElsewhere].map(() => application({ ...variables, UPSTASH_REDIS_REST_URL: store.url }));
  const [one, other] = serving;
  const service = await serveService(one, pushed.url, busy);
  const otherService = await serveService(other, pushedElsewhere.url, busy);

  return {
    serving,
    // Who asks in a test is patient: the machine may be busy.
    app: application(variables, { timeout: 60 }),
    busyAt: () => busyAt,
    async stop() {
      await Promise.all([pushed, pushedElsewhere, broker, store].map(async (each) => await each.stop()));
      await gateway.close();
      await Promise.all([service.stop(), otherService.stop()]);
    },
  };
}

async function serveService(app: Umbel | undefined, publicUrl: string, busy: () => unknown) {
  if (app === undefined) throw new Error("There is no application to serve");
  const endpoint = worker(app, { publicUrl });
  return await serve(async (request) => {
    busy();
    return await endpoint.fetch(request);
  });
}

function hastened(body: string): string {
  return body.replaceAll(retryDelay.real, retryDelay.here);
}

function application(env: Readonly<Record<string, string>>, store: UpstashOptions = {}): Umbel {
  return new Umbel("property", {
    broker: qstash({ maxMessageSize }),
    backend: upstash(store),
    env,
    workerLease: lease,
    log: () => undefined,
  });
}
