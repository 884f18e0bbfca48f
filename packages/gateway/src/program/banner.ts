/**
 * What the gateway says when it has started.
 *
 * @module
 */

import { resolve } from "node:path";
import type { ServedGateway } from "../serve.ts";

/** Where it keeps what, and how an application reaches it. */
export interface BannerFacts {
  readonly gateway: Pick<ServedGateway, "url" | "restUrl" | "variables">;
  readonly data: string;
  /** The environment that the gateway was started with. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** The lines: addresses, then the environment block to paste into an application. Shows no secret of the user's. */
export function bannerOf({ gateway, data, environment }: BannerFacts): readonly string[] {
  return [
    `QStash's API     ${gateway.url}`,
    `Redis over REST  ${gateway.restUrl}`,
    `Messages         ${placeOf(data)}`,
    `Results          ${redisPlaceOf(environment["REDIS_URL"]) ?? placeOf(data)}`,
    "",
    "The environment of an application:",
    ...Object.entries(gateway.variables).map(([name, value]) =>
      isGiven(environment[name]) && !name.endsWith("_URL")
        ? `  # ${name}: as this gateway was given it`
        : `  ${name}=${reachable(value)}`,
    ),
    ...(isEverywhere(gateway.url) ? ["  # Elsewhere than on this machine: its name instead of 127.0.0.1"] : []),
  ];
}

/** An address that stands for all of this machine's is none to connect to. */
const everywhere = /^(http:\/\/)(?:0\.0\.0\.0|\[::\])(?=[:/]|$)/;

function isEverywhere(url: string): boolean {
  return everywhere.test(url);
}

function reachable(value: string): string {
  return value.replace(everywhere, "$1127.0.0.1");
}

function placeOf(data: string): string {
  return data === ":memory:" ? "in memory: gone when the gateway stops" : `in ${resolve(data)}`;
}

/** A Redis without its password. */
function redisPlaceOf(url: string | undefined): string | undefined {
  if (!isGiven(url)) return undefined;
  return URL.canParse(url) ? `in Redis at ${new URL(url).host}` : "in the Redis of REDIS_URL";
}

function isGiven(value: string | undefined): value is string {
  return value !== undefined && value !== "";
}
