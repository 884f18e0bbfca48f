/**
 * Which parts there are, where each listens, and what each finds in its environment.
 *
 * @module
 */

import { readCredentials } from "@umbel/gateway";
import { freePorts } from "./ports.ts";
import type { Runtime } from "./runtime.ts";

/** A program that the starter runs. */
export interface Part {
  readonly name: "gateway" | "worker" | "web" | "beat";
  /** Path from the root of the repository. */
  readonly file: string;
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** Answers once the part is up. */
  readonly url: string;
}

/** Everything that is to run. */
export interface Plan {
  readonly gateway: Part;
  readonly worker: Part;
  readonly web: Part;
  readonly beat: Part;
  /** What an application needs to be part of it. */
  readonly environment: Readonly<Record<string, string>>;
  /** Which ports were taken, in a sentence each. */
  readonly remarks: readonly string[];
}

const host = "127.0.0.1";

/** The ports that are used when they are free. */
const wanted = { gateway: 8080, rest: 8079, worker: 8787, web: 3000, beat: 8788 };

/** What decides about the parts. */
export interface PlanOptions {
  readonly runtime: Runtime;
  /** The gateway's folder. */
  readonly data: string;
  /** The site that the web app proposes. */
  readonly site: string;
}

/** Finds free ports and says what is to run on them. */
export async function planParts({ runtime, data, site }: PlanOptions): Promise<Plan> {
  const ports = await portsByName();
  const environment = environmentOf(ports);
  const address = (port: number) => `http://${host}:${port}`;
  const part = (name: "worker" | "web" | "beat", more: Readonly<Record<string, string>> = {}) => ({
    name,
    file: `apps/${name}/src/${runtime.entry}`,
    args: [],
    environment: { ...environment, ...more, HOST: host, PORT: String(ports[name]) },
    url: address(ports[name]),
  });
  const flags = ["--host", host, "--port", String(ports.gateway), "--rest-port", String(ports.rest), "--data", data];
  return {
    gateway: {
      name: "gateway",
      file: "apps/gateway/src/main.ts",
      args: flags,
      environment,
      url: address(ports.gateway),
    },
    worker: part("worker"),
    web: part("web", { DEMO_SITE: site }),
    beat: part("beat"),
    environment,
    remarks: remarksOn(ports),
  };
}

type Ports = Readonly<Record<keyof typeof wanted, number>>;

async function portsByName(): Promise<Ports> {
  const [gateway = 0, rest = 0, worker = 0, web = 0, beat = 0] = await freePorts(Object.values(wanted), host);
  return { gateway, rest, worker, web, beat };
}

/** The public development credentials: the demo is on loopback, and takes nothing of the user's own. */
function environmentOf(ports: Ports): Readonly<Record<string, string>> {
  const credentials = readCredentials(() => undefined, host);
  return {
    QSTASH_URL: `http://${host}:${ports.gateway}`,
    QSTASH_TOKEN: credentials.token,
    QSTASH_CURRENT_SIGNING_KEY: credentials.currentSigningKey,
    QSTASH_NEXT_SIGNING_KEY: credentials.nextSigningKey,
    UPSTASH_REDIS_REST_URL: `http://${host}:${ports.rest}`,
    UPSTASH_REDIS_REST_TOKEN: credentials.restToken,
    UMBEL_WORKER_URL: `http://${host}:${ports.worker}`,
  };
}

/** Parts that an application finds by its variables, and without them on the usual port. */
const told: ReadonlySet<string> = new Set(["gateway", "rest", "worker"]);

function remarksOn(ports: Ports): readonly string[] {
  const names = {
    gateway: "the gateway",
    rest: "Redis over REST",
    worker: "the worker",
    web: "the web app",
    beat: "beat",
  };
  return Object.entries(names).flatMap(([key, name]) => {
    const [before, now] = [Reflect.get(wanted, key), Reflect.get(ports, key)];
    if (before === now) return [];
    const unreached = told.has(key) ? " Programs without the variables below do not reach it." : "";
    return [`Port ${before} is taken: ${name} is on ${now}.${unreached}`];
  });
}
