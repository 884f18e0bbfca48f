/**
 * Umbel over real HTTP, in real time: the embedded gateway, a worker on loopback, and a proxy before each of its three
 * servers that lets requests go wrong.
 *
 * @module
 */

import { qstash } from "@umbel/qstash";
import { upstash } from "@umbel/upstash-redis";
import { Umbel } from "umbel";
import { worker } from "umbel/worker";
import { openGateway } from "../gateway.ts";
import { serve } from "../serve.ts";
import { noteIn } from "./beginnings.ts";
import { judge } from "./judge.ts";
import type { Canvas } from "./plan.ts";
import { type ProxyFault, startProxy } from "./proxy.ts";
import { sendCanvas } from "./send.ts";
import { type Beginning, declareSteps, type Delays } from "./steps.ts";

/** Real time: as little of it as there may be. */
const delays: Delays = { retry: 0, later: 0.5, expiry: 1, tooLate: 2, slow: 0.1 };

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
  const beginnings: Beginning[] = [];
  const servers = await startServers(noting(draw, fired));
  const { serving, app } = servers;
  const setting = { note: noteIn(beginnings), delays };
  declareSteps(serving, setting);
  const call = declareSteps(app, setting);
  let runs = 0;
  return {
    busyAt: servers.busyAt,
    stop: async () => await servers.stop(),
    async send(canvas) {
      // No run's name is part of another's.
      const run = `run${runs++}-`;
      const sent = await sendCanvas(canvas, { app, call, delays, run, holdsBack: false });
      const begun = () => beginnings.filter((each) => each.run === run);
      return {
        canvas,
        wrong: async () => await judge(canvas, { app, ...sent, beginnings: begun(), cutOff: () => 0 }),
        struckBy() {
          const own = [run, ...begun().map(({ id }) => id)];
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

async function startServers(faultFor: FaultFor) {
  const gateway = await openGateway();
  const pushed = await startProxy({ target: () => served.url, faultFor });
  const broker = await startProxy({ target: () => gateway.url, rewrite: hastened, faultFor });
  const store = await startProxy({ target: () => gateway.restUrl, faultFor });
  const variables = { ...gateway.variables, QSTASH_URL: broker.url, UMBEL_WORKER_URL: pushed.url };
  const serving = application({ ...variables, UPSTASH_REDIS_REST_URL: store.url });
  const endpoint = worker(serving, { publicUrl: pushed.url });
  let busyAt = Date.now();
  const served = await serve(async (request) => {
    busyAt = Date.now();
    return await endpoint.fetch(request);
  });

  return {
    serving,
    app: application(variables),
    busyAt: () => busyAt,
    async stop() {
      await Promise.all([pushed, broker, store].map(async (each) => await each.stop()));
      await gateway.close();
      await served.stop();
    },
  };
}

function hastened(body: string): string {
  return body.replaceAll(retryDelay.real, retryDelay.here);
}

function application(env: Readonly<Record<string, string>>): Umbel {
  return new Umbel("property", { broker: qstash(), backend: upstash(), env, workerLease: lease, log: () => undefined });
}
