/**
 * The tasks that the steps of a plan call, each with the options that its manner takes.
 *
 * @module
 */

import { type BoundTask, type ResultHandle, type Signature, signature, type TaskOptions, type Umbel } from "umbel";
import * as z from "zod/mini";
import { Flaky, labelOf, type Order, runBody } from "./body.ts";
import { declareItems } from "./items.ts";
import type { Ending, Manner, StepPlan } from "./plan.ts";
import type { HookCall, Witness } from "./witness.ts";

/** How long what takes time takes, in seconds. */
export interface Delays {
  /** Between two attempts. */
  readonly retry: number;
  /** Before a step that is due later. */
  readonly later: number;
  /** From when on a step that expires between its retries has expired. */
  readonly expiry: number;
  /** Before the retry of such a step. */
  readonly tooLate: number;
  /** That the body of a slow step takes. */
  readonly slow: number;
  /** Between members that start one after the other. */
  readonly apart: number;
  /** How many steps of a limited rate begin in so many seconds: a whole number of them. */
  readonly rate: number;
  readonly period: number;
}

/** A canvas, or a part of one, whatever it takes and returns. */
export type Part = Signature<unknown[], unknown, ResultHandle>;

/** What a call is made for. */
export interface CallOptions {
  readonly run: string;
  /** Whether its value tells which of its beginnings it came from. */
  readonly tells: boolean;
}

/** Makes the call of a step. */
export type MakeCall = (step: StepPlan, options: CallOptions) => Part;

/** What the tasks work with. */
export interface Setting {
  readonly witness: Witness;
  readonly delays: Delays;
}

/** Retries of the task that is retried by its policy. */
export const mostRetries = 2;

/** How often the task that is put back without end may be. */
export const mostRequeues = 2;

/** Characters of what is large: too many for a message of the kit's broker. */
const largeSize = 25_000;

/** Name of a task that nobody declares. */
const unknownTask = "property.unknown";

/** Declares the tasks, and returns what makes calls of them. */
export function declareSteps(app: Umbel, setting: Setting): MakeCall {
  const { delays, witness } = setting;
  const body = async (task: BoundTask, ...args: readonly unknown[]): Promise<unknown> =>
    await runBody(task, args, { app, call, ...setting });
  const named = { bind: true, kwargs: z.looseObject({}), ...hooksFor(witness) } as const;
  const retries = { autoretryFor: [Flaky], maxRetries: mostRetries, defaultRetryDelay: delays.retry };
  for (const [manner, options] of Object.entries(optionsOf(delays))) {
    app.task({ name: `property.${manner}`, ...named, ...options }, body);
    app.task({ name: `property.${manner}.auto`, ...named, ...options, ...retries }, body);
  }
  app.errback(
    { name: "property.errback", bind: true, ...hooksFor(witness) },
    async (task, failure, ...others: readonly unknown[]) => await body(task, failure, ...others, {}),
  );
  const itemCall = declareItems(app);
  return call;

  function call({ label, ending, immutable, slow, large, manner }: StepPlan, { run, tells }: CallOptions): Part {
    if (ending.how === "maps") return itemCall(label, ending);
    // What nobody keeps cannot tell which of its beginnings it came from.
    const order: Order = { label, ending, slow, run, tells: tells && !isIgnored(manner), pad: large ? pad : "" };
    const part = app.signature(nameFor(manner, ending), { args: [order] });
    return immutable ? signature(app, { ...part.wire, immutable }) : part;
  }
}

const pad = "~".repeat(largeSize);

/** Whether nobody keeps the value of a step. */
function isIgnored(manner: Manner): boolean {
  return manner === "silent" || manner === "careful";
}

function optionsOf({ rate, period }: Delays): Readonly<Record<string, Partial<TaskOptions>>> {
  return {
    plain: { maxRequeues: 30 },
    modest: { maxRequeues: mostRequeues },
    early: { acksLate: false },
    limited: { rateLimit: { rate, period } },
    careful: { ignoreResult: true, storeErrorsEvenIfIgnored: true },
  };
}

function nameFor(manner: Manner, ending: Ending): string {
  if (ending.how === "unknown") return unknownTask;
  const kind = ending.how === "puts back" ? "modest" : declaredFor(manner);
  return `property.${kind}${"auto" in ending && ending.auto ? ".auto" : ""}`;
}

/** What is served elsewhere, or without its result, is so by options of the call. */
function declaredFor(manner: Manner): string {
  return manner === "elsewhere" || manner === "silent" ? "plain" : manner;
}

function hooksFor({ hooked }: Witness) {
  const heard = (hook: HookCall["hook"]) => async (_: unknown, task: BoundTask) => {
    await hooked({ ...labelOf(task), id: task.request.id, hook });
  };
  return {
    onSuccess: heard("onSuccess"),
    onFailure: heard("onFailure"),
    onRetry: heard("onRetry"),
    afterReturn: heard("afterReturn"),
  };
}
