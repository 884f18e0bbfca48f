/**
 * An app of ours in Vercel's own model of its Edge runtime, by the entry that a deployment has, served on loopback.
 *
 * `@edge-runtime/vm` has Web standards only. The platform adds `process.env` and `AsyncLocalStorage`, and so does this.
 *
 * @module
 */

import { EdgeVM } from "@edge-runtime/vm";
import { build } from "esbuild";
import { AsyncLocalStorage } from "node:async_hooks";
import { join } from "node:path";
import { repository } from "../running-program.ts";
import type { Served } from "../listen.ts";
import type { AppName } from "./cloudflare-bundle.ts";
import { serve } from "../serve.ts";

/** A request as it crosses into the machine, which has a `Request` of its own. */
interface Crossing {
  readonly url: string;
  readonly method: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string | undefined;
}

/** What the entry answers, made of plain values. */
type Enter = (crossing: Crossing) => Promise<{ status: number; headers: [string, string][]; body: string }>;

/** Serves a route of an app, all but those that have one of their own; `environment` is asked at each request, so that it may depend on where this is served. */
export async function serveOnEdge(
  app: AppName,
  environment: (url: string) => Readonly<Record<string, string>>,
  route = "index",
): Promise<Served> {
  const variables: Record<string, string> = {};
  const machine = new EdgeVM({
    extend: (context) => Object.assign(context, { process: { env: variables }, AsyncLocalStorage }),
  });
  machine.evaluate(await bundleForEdge(app, route));
  const enter = machine.evaluate<Enter>(`async ({ url, ...init }) => {
    const response = await entry.default(new Request(url, init));
    return { status: response.status, headers: [...response.headers], body: await response.text() };
  }`);
  const served = await serve(async (request) => {
    const { url, method, headers } = request;
    const body = request.body === null ? undefined : await request.text();
    const { body: text, ...init } = await enter({ url, method, headers: [...headers], body });
    return new Response(text, init);
  });
  Object.assign(variables, environment(served.url));
  return served;
}

/** One script, which leaves the entry's exports in `entry`. */
async function bundleForEdge(app: AppName, route: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(repository, "apps", app, `api/${route}.ts`)],
    bundle: true,
    write: false,
    format: "iife",
    globalName: "entry",
    platform: "browser",
    conditions: ["@umbel/source", "edge-light", "worker"],
  });
  return outputFiles[0]?.text ?? "";
}
