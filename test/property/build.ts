/**
 * Turns a plan into signatures, as an application would write them.
 *
 * @module
 */

import { chain, chord, group } from "umbel";
import { type GroupPlan, idOf, isPiped, type Plan, type StepPlan } from "./plan.ts";
import type { Delays, MakeCall, Part } from "./steps.ts";

/** What a canvas is built with. */
export interface BuildOptions {
  readonly call: MakeCall;
  readonly delays: Delays;
  /** Tells the ids of this canvas from those of others in the same store. */
  readonly run: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** False for an errback, which may be sent for several calls: its values do not tell their beginnings. */
  readonly tells?: boolean;
}

/** Builds a plan. */
export function build(plan: Plan, options: BuildOptions): Part {
  const inner = (each: Plan) => build(each, options);
  switch (plan.kind) {
    case "step":
      return buildStep(plan, options);
    case "chain": {
      const steps = plan.steps.map(inner);
      const part = isPiped(plan) ? steps.reduce((before, next) => before.pipe(next)) : chain(...steps);
      return withErrbacks(part, plan, options);
    }
    case "group":
      return withErrbacks(buildGroup(plan, inner, options), plan, options);
    case "chord": {
      const header = isList(plan.header) ? plan.header.map(inner) : inner(plan.header);
      return withErrbacks(chord(header, inner(plan.body), { onError: plan.onError }), plan, options);
    }
  }
}

function buildGroup({ members, skewed }: GroupPlan, inner: (plan: Plan) => Part, { delays }: BuildOptions): Part {
  const all = group(members.map(inner));
  return skewed ? all.skew(0, undefined, delays.apart) : all;
}

function withErrbacks(part: Part, plan: Plan, options: BuildOptions): Part {
  return plan.linkError.reduce((linked, each) => linked.linkError(build(each, { ...options, tells: false })), part);
}

function buildStep(step: StepPlan, options: BuildOptions): Part {
  const { call, run, tells = true } = options;
  const inner = (each: Plan) => build(each, options);
  const part = call(step, { run, tells }).set(optionsOf(step, options));
  const linked = step.link.reduce((before, each) => before.link(inner(each)), part);
  return withErrbacks(linked, step, options);
}

function optionsOf({ label, ending, named, later, manner }: StepPlan, { delays, run, now }: BuildOptions) {
  return {
    ...(named ? { taskId: idOf(run, label) } : {}),
    ...(later ? { countdown: delays.later } : {}),
    ...(manner === "elsewhere" ? { queue: otherQueue } : {}),
    ...(manner === "silent" ? { ignoreResult: true } : {}),
    ...(ending.how === "expires" && ending.when === "at once" ? { expires: new Date(now - 1000) } : {}),
    ...(ending.how === "expires" && ending.when === "between retries"
      ? { expires: delays.expiry + (later ? delays.later : 0) }
      : {}),
  };
}

/** Queue of the steps that are served elsewhere. */
export const otherQueue = "other";

function isList(header: Plan | readonly Plan[]): header is readonly Plan[] {
  return Array.isArray(header);
}
