/**
 * What is wrong with a task message, told by hand: whoever only sends calls has no schema library in its bundle (ADR 10).
 *
 * A test holds these checks to the schema by which a worker reads messages. What follows a call is looked at as far as there
 * are lists and signatures.
 *
 * @module
 */

import { type ChecksOf, maybe, maybeText, misfitIn, someText } from "./check.ts";
import { isDate } from "./date.ts";
import { isPlainObject } from "./json-value.ts";
import { longestId } from "./longest-id.ts";
import type { TaskEmbed, TaskHeaders, TaskMessage, TaskProperties } from "./message.ts";

const maybeDate = maybe("an ISO 8601 date and time", (value) => typeof value === "string" && isDate(value));
const maybeInteger = maybe("an integer", Number.isSafeInteger);
const maybeCount = maybe("an integer from 0 on", (value) => Number.isSafeInteger(value) && Number(value) >= 0);
const maybeSwitch = maybe("true, false", (value) => typeof value === "boolean");
const maybeObject = maybe("an object", isPlainObject);
const maybeTexts = maybe("a list of texts", (value) => isListOf(value, (each) => typeof each === "string"));
const maybeSignatures = maybe("a list of signatures", (value) => isListOf(value, isSignature));

const headersChecks: ChecksOf<TaskHeaders> = {
  lang: maybeText,
  task: someText,
  id: { wanted: `a text of 1 to ${longestId} characters`, fits: (value) => someText.fits(value) && isShort(value) },
  shadow: maybeText,
  eta: maybeDate,
  expires: maybeDate,
  group: maybeText,
  group_index: maybeInteger,
  retries: maybeCount,
  timelimit: maybe("a hard and a soft limit, numbers or null", isLimits),
  root_id: maybeText,
  parent_id: maybeText,
  argsrepr: maybeText,
  kwargsrepr: maybeText,
  origin: maybeText,
  ignore_result: maybeSwitch,
  replaced_task_nesting: maybeInteger,
  stamped_headers: maybeTexts,
  stamps: maybeObject,
};

const propertiesChecks: ChecksOf<TaskProperties> = {
  correlation_id: maybeText,
  reply_to: maybeText,
  priority: maybe("a number", Number.isFinite),
  queue: maybeText,
  generation: maybeCount,
  early: maybeSwitch,
  attempts_before: maybeCount,
  added_at: maybe("a list of integers", (value) => isListOf(value, Number.isSafeInteger)),
  additions: maybe("a list of ids", (value) => isListOf(value, someText.fits)),
  requeues: maybeCount,
  flow_key: maybeText,
};

const embedChecks: Omit<ChecksOf<TaskEmbed>, "given"> = {
  callbacks: maybeSignatures,
  errbacks: maybeSignatures,
  chain: maybeSignatures,
  chord: maybe("a signature", isSignature),
};

/** What is wrong with a message, and where: `headers.expires: expected ...`. Undefined when nothing is. */
export function misfitOfMessage({
  headers,
  properties,
  body,
}: Readonly<Record<keyof TaskMessage, unknown>>): string | undefined {
  return [
    under("headers", misfitIn(headers, headersChecks)),
    under("properties", misfitIn(properties, propertiesChecks)),
    under("body", misfitOfBody(body)),
  ].find((each) => each !== undefined);
}

function under(part: string, misfit: string | undefined): string | undefined {
  if (misfit === undefined) return undefined;
  return misfit.startsWith("expected") ? `${part}: ${misfit}` : `${part}.${misfit}`;
}

function misfitOfBody(body: unknown): string | undefined {
  if (!Array.isArray(body) || body.length !== 3) return "expected arguments, named arguments, and what follows";
  const [args, kwargs, embed]: readonly unknown[] = body;
  if (!Array.isArray(args)) return "0: expected a list";
  if (!isPlainObject(kwargs)) return "1: expected an object";
  return embed === null ? undefined : under("2", misfitIn(embed, embedChecks));
}

function isLimits(value: unknown): boolean {
  return isListOf(value, (each) => each === null || Number.isFinite(each)) && value.length === 2;
}

function isSignature(value: unknown): boolean {
  return isPlainObject(value) && someText.fits(value["task"]);
}

function isShort(value: unknown): boolean {
  return typeof value === "string" && value.length <= longestId;
}

function isListOf(value: unknown, fits: (each: unknown) => boolean): value is readonly unknown[] {
  return Array.isArray(value) && value.every(fits);
}
