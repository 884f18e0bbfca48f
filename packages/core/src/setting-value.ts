/**
 * The value that a setting is given by a text, by JSON, or by a module in Celery's manner.
 *
 * @module
 */

import { ImproperlyConfigured } from "@umbel/protocol";
import { camel } from "./celery-name.ts";
import { isRecord } from "./environment.ts";
import { boolean, count, type Kind, times } from "./kinds.ts";
import { content, inUtc, level, maybeContent, maybePriority, maybeRate, settingKinds } from "./setting-kinds.ts";
import type { Settings } from "./settings.ts";

/**
 * What a setting is set to by a value that is not written for it: variables are texts, Celery's modules have its own forms.
 * What is none of these is returned as it is. `note` is told of what is left out. Throws `ImproperlyConfigured`, with the
 * name as it is written, for a text that says nothing of what the setting takes.
 */
export function settingValue(
  { name, written }: { readonly name: keyof Settings; readonly written: string },
  value: unknown,
  note: (text: string) => void,
): unknown {
  const read = typeof value === "string" ? readText(written, settingKinds[name], value) : value;
  if (name === "taskRoutes") return withoutExchanges(read, note);
  if (name === "taskPublishRetryPolicy") return camelKeys(read);
  if (name === "taskQueues") return queuesIn(read);
  if (name === "taskAnnotations") return annotationsIn(read);
  if (name === "beatSchedule") return entriesIn(read);
  return read instanceof Set ? [...read] : read;
}

type ReadText = (text: string, name: string) => unknown;

/** How texts are read where they are not the value itself, or JSON. */
const readers: ReadonlyMap<Kind, ReadText> = new Map<Kind, ReadText>([
  [boolean, booleanIn],
  [inUtc, booleanIn],
  [count, numberIn],
  [times, numberIn],
  [maybePriority, numberIn],
  [maybeRate, numberIn],
  [content, listIn],
  [maybeContent, listIn],
  [level, (text) => text.toUpperCase()],
]);

/** What nobody can take for the name of anything. */
const nothing: ReadonlySet<string> = new Set(["", "none", "null"]);

function readText(name: string, kind: Kind, given: string): unknown {
  const text = given.trim();
  const [takes] = kind;
  if (takes(null) && nothing.has(text.toLowerCase())) return null;
  if (/^[[{]/.test(text)) return jsonIn(text, name);
  return (readers.get(kind) ?? asItIs)(text, name);
}

const yes: ReadonlySet<string> = new Set(["1", "t", "true", "y", "yes", "on"]);
const no: ReadonlySet<string> = new Set(["0", "f", "false", "n", "no", "off"]);

function booleanIn(text: string, name: string): boolean {
  if (yes.has(text.toLowerCase())) return true;
  if (no.has(text.toLowerCase())) return false;
  throw new ImproperlyConfigured(`${name} is ${JSON.stringify(text)}: give true or false (yes, on, 1, no, off, 0)`);
}

/** A text that is no number stays one: what the setting takes is told by whoever checks it. */
function numberIn(text: string): unknown {
  return text === "" || Number.isNaN(Number(text)) ? text : Number(text);
}

function listIn(text: string): readonly string[] {
  return text.split(",").map((each) => each.trim());
}

function jsonIn(text: string, name: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    throw new ImproperlyConfigured(`${name} is ${JSON.stringify(text)}, which is no JSON`);
  }
}

function asItIs(text: string): string {
  return text;
}

/** What a route says in Celery of exchanges. */
const exchangeKeys: ReadonlySet<string> = new Set(["exchange", "exchange_type", "routing_key", "delivery_mode"]);

/** Routes at any depth without what they say of exchanges, of which there are none. */
function withoutExchanges(route: unknown, note: (text: string) => void): unknown {
  if (Array.isArray(route)) return route.map((each: unknown) => withoutExchanges(each, note));
  if (!isRecord(route) || route instanceof RegExp) return route;
  const gone = Object.keys(route).filter((key) => exchangeKeys.has(key));
  if (gone.length > 0) note(`taskRoutes: ${gone.join(", ")} left out: there are no exchanges, a route names a queue`);
  const kept = Object.entries(route).filter(([key]) => !gone.includes(key));
  return Object.fromEntries(kept.map(([key, each]) => [key, withoutExchanges(each, note)]));
}

/** Celery's list of queues, as names or as records with a name, as a record. */
function queuesIn(queues: unknown): unknown {
  if (!Array.isArray(queues)) return isRecord(queues) ? eachCamel(queues) : queues;
  return Object.fromEntries(
    queues.map((each: unknown) => {
      if (!isRecord(each)) return [each, {}];
      const { name, ...options } = each;
      return [name, camelKeys(options)];
    }),
  );
}

/** Annotations by name, each with its options in Celery's names or ours. */
function annotationsIn(annotations: unknown): unknown {
  if (Array.isArray(annotations)) return annotations.map((each) => annotationsIn(each));
  return isRecord(annotations) ? eachCamel(annotations) : (annotations ?? []);
}

/** Entries of beat, each with its options in our names; Celery has `relative` beside the interval, not in it. */
function entriesIn(entries: unknown): unknown {
  if (!isRecord(entries) || Array.isArray(entries)) return entries;
  return Object.fromEntries(Object.entries(entries).map(([name, entry]) => [name, entryIn(entry)]));
}

function entryIn(entry: unknown): unknown {
  if (!isRecord(entry)) return entry;
  const { relative, schedule, options, ...others } = entry;
  const span = relative === true && typeof schedule === "number" ? { seconds: schedule, relative } : schedule;
  return { ...others, schedule: span, ...(isRecord(options) && { options: camelKeys(options) }) };
}

/** Options by name, each in our names. */
function eachCamel(record: Readonly<Record<string, unknown>>): unknown {
  return Object.fromEntries(Object.entries(record).map(([name, options]) => [name, camelKeys(options)]));
}

function camelKeys(value: unknown): unknown {
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key.includes("_") ? camel(key) : key, each]));
}
