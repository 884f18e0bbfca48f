/**
 * Which queue a task goes to: Celery's `task_routes`.
 *
 * @module
 */

import { globSource } from "./glob.ts";
import * as kinds from "./kinds.ts";
import { checkKind, type Kind } from "./kinds.ts";
import { checkNames } from "./known-names.ts";
import { checkPlace } from "./place.ts";
import type { TaskOptions } from "./task-options.ts";

/** What a route says of a task. */
export interface RouteTarget {
  readonly queue?: string;
  readonly priority?: number;
}

/** A call that is to be routed. */
export interface RoutedCall {
  readonly name: string;
  readonly args: readonly unknown[];
  readonly kwargs: Readonly<Record<string, unknown>>;
  readonly options: RoutedOptions;
  /** How the task is declared, when it is here. */
  readonly task: TaskOptions | undefined;
}

/** Options of a call that is to be routed, as far as they were given. They win over what a route says. */
export interface RoutedOptions extends RouteTarget {
  readonly taskId?: string;
  readonly shadow?: string;
  readonly headers?: Readonly<Record<string, unknown>>;
}

/** Says where a call goes; undefined or null leaves it to the next route. */
export type RouteFunction = (
  ...call: readonly [
    name: string,
    args: readonly unknown[],
    kwargs: Readonly<Record<string, unknown>>,
    options: RoutedOptions,
    task: TaskOptions | undefined,
  ]
) => string | RouteTarget | null | undefined;

/** A name, a glob (`shop.*`) or a regular expression, and where it leads; a text is a queue. */
export type RoutePair = readonly [pattern: string | RegExp, target: string | RouteTarget];

/** Names and globs to targets, one pair or a list of them, a function, or a list of all these, which are tried in order. */
export type Route = Readonly<Record<string, string | RouteTarget>> | RoutePair | RouteFunction | readonly Route[];

/**
 * The target of the first route that knows the call; within a record, and within a list of pairs, exact names come before
 * patterns, as in Celery. An empty target when none does. Throws `ImproperlyConfigured` for a target with other names than
 * `queue` and `priority`.
 */
export function routeOf(route: Route, call: RoutedCall): RouteTarget {
  const target = match(route, call) ?? {};
  if (typeof target === "string") return { queue: target };
  checkKind(`The route of ${call.name}`, targetKind, target);
  checkNames(target, ["queue", "priority"], `part of the route of ${call.name}`);
  return target;
}

/** Whether no route before the first function knows a name, so that its calls are shown to that function. */
export function isForFunction(route: Route, name: string): boolean {
  return match(withoutFunctions(route), { name, args: [], kwargs: {}, options: {}, task: undefined }) === asked;
}

/** Stands for what a function would say. */
const asked: RouteTarget = {};

function withoutFunctions(route: Route): Route {
  if (typeof route === "function") return () => asked;
  return !isPair(route) && isList(route) ? route.map(withoutFunctions) : route;
}

/** Throws `ImproperlyConfigured` for routes that cannot be, or lead nowhere; what functions say is seen when they are asked. */
export function checkRoute(route: Route): void {
  for (const [pattern, target] of pairsIn(route)) {
    checkKind(`The route of ${String(pattern)}`, targetKind, target);
    if (typeof target !== "string")
      checkNames(target, ["queue", "priority"], `part of the route of ${String(pattern)}`);
    checkPlace(typeof target === "string" ? { queue: target } : target);
  }
}

const targetKind: Kind = [
  (target) => typeof target === "string" || kinds.record[0](target),
  "the name of a queue, or { queue, priority }",
];

const routeKind: Kind = [
  (route) =>
    typeof route === "function" || (kinds.record[0](route) && !(route instanceof RegExp)) || Array.isArray(route),
  'names and where they lead, as { "shop.*": "shop" }, a function, or a list of these',
];

/** All pairs of a route at any depth. */
function pairsIn(route: Route): readonly RoutePair[] {
  checkKind("A route", routeKind, route);
  if (typeof route === "function") return [];
  if (isPair(route)) return [route];
  return isList(route) ? route.flatMap((each) => pairsIn(each)) : Object.entries(route);
}

type Found = string | RouteTarget | null | undefined;

function match(route: Route, call: RoutedCall): Found {
  if (typeof route === "function") return route(call.name, call.args, call.kwargs, call.options, call.task);
  if (isPair(route)) return among([route], call.name);
  if (!isList(route)) return among(Object.entries(route), call.name);
  if (route.every(isPair)) return among(route, call.name);
  return firstOf(route, call);
}

function firstOf(routes: readonly Route[], call: RoutedCall): Found {
  for (const route of routes) {
    const target = match(route, call);
    if (target !== undefined && target !== null) return target;
  }
  return undefined;
}

/** The target of an exact name, else of the first pattern that fits. */
function among(pairs: readonly RoutePair[], name: string): Found {
  const exact = pairs.find(([pattern]) => pattern === name);
  return (exact ?? pairs.find(([pattern]) => isPattern(pattern) && matches(pattern, name)))?.[1];
}

/** In Celery a text without a star is a name. */
function isPattern(pattern: string | RegExp): boolean {
  return typeof pattern !== "string" || pattern.includes("*");
}

function isPair(route: Route): route is RoutePair {
  if (!Array.isArray(route) || route.length !== 2) return false;
  const [pattern]: readonly unknown[] = route;
  return typeof pattern === "string" || pattern instanceof RegExp;
}

function isList(route: Exclude<Route, RoutePair | RouteFunction>): route is readonly Route[] {
  return Array.isArray(route);
}
/** Whether a name is one that a regular expression begins with, or that a glob is of. */
export function matches(pattern: string | RegExp, name: string): boolean {
  if (pattern instanceof RegExp) return new RegExp(pattern.source, `${pattern.flags.replace(/[gy]/g, "")}y`).test(name);
  return new RegExp(globSource(pattern), "u").test(name);
}
