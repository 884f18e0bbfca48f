/**
 * Work that goes on after the answer: what lets it, and for how long.
 *
 * @module
 */

import { acknowledgementOf, type CallingApplication, timeLimitsOf } from "@umbel/core";
import { type Duration, ImproperlyConfigured, secondsOf } from "@umbel/protocol";
import type { Context } from "hono";

/** Keeps something going after the answer. */
export interface Background {
  readonly keep: (work: Promise<unknown>) => void;
  /** Seconds for which the platform lets it. */
  readonly limit: number;
}

/** What an endpoint is told of its platform. */
export interface BackgroundOptions {
  /** Keeps the isolate alive until a promise is settled; the runtime's own `waitUntil` when absent. */
  readonly waitUntil?: (work: Promise<unknown>) => void;
  /** For how long it does; null: without end. When absent 30 s on Cloudflare Workers, else without end. */
  readonly waitUntilLimit?: Duration | null;
}

/** Seconds for which Cloudflare lets a Worker go on after its answer. */
const cloudflareLimit = 30;

/** How work can go on after the answer to a request; undefined where nothing would keep it going. */
export function backgroundOf(context: Context, options: BackgroundOptions): Background | undefined {
  const keep = options.waitUntil ?? runtimeKeep(context) ?? vercelKeep() ?? processKeep();
  return keep && { keep, limit: limitOf(options) };
}

/** Workers, and whatever else gives Hono an execution context; reading it throws where there is none. */
function runtimeKeep(context: Context): Background["keep"] | undefined {
  try {
    const { executionCtx } = context;
    return (work) => executionCtx.waitUntil(work);
  } catch {
    return undefined;
  }
}

/** Vercel gives its functions their request's context under this symbol; `@vercel/functions` reads it too. */
function vercelKeep(): Background["keep"] | undefined {
  const holder: unknown = Reflect.get(globalThis, Symbol.for("@vercel/request-context"));
  const request = called(holder, "get");
  if (typeof request !== "object" || request === null || typeof Reflect.get(request, "waitUntil") !== "function") {
    return undefined;
  }
  return (work) => void Reflect.apply(Reflect.get(request, "waitUntil"), request, [work]);
}

function called(holder: unknown, method: string): unknown {
  const found: unknown = typeof holder === "object" && holder !== null ? Reflect.get(holder, method) : undefined;
  return typeof found === "function" ? Reflect.apply(found, holder, []) : undefined;
}

/** Where there is a process, it goes on by itself. */
function processKeep(): Background["keep"] | undefined {
  return isCloudflare() ? undefined : () => undefined;
}

function isCloudflare(): boolean {
  return Reflect.get(Reflect.get(globalThis, "navigator") ?? {}, "userAgent") === "Cloudflare-Workers";
}

function limitOf({ waitUntilLimit }: BackgroundOptions): number {
  if (waitUntilLimit === undefined) return isCloudflare() ? cloudflareLimit : Infinity;
  return waitUntilLimit === null ? Infinity : secondsOf(waitUntilLimit);
}

/**
 * Throws `ImproperlyConfigured` for a task that is acknowledged before it runs and may take longer than the platform lets it
 * run after that.
 */
export function checkBackground(app: CallingApplication, options: BackgroundOptions): void {
  const limit = limitOf(options);
  for (const name of app.tasks.keys()) {
    if (acknowledgementOf(app, name).acksLate || isWithin(limit, timeLimitsOf(app, name, {}).hard)) continue;
    throw new ImproperlyConfigured(
      `The task "${name}" is acknowledged before it runs, and this platform stops it ${limit} s later: ` +
        `give it a timeLimit of ${limit} s at most, or acksLate: true`,
    );
  }
}

/** Whether an attempt with this hard limit comes to its end in time. */
export function isWithin(limit: number, hard: number | null): boolean {
  return (hard ?? Infinity) <= limit;
}
