/**
 * The bodies of requests about entries: JSON that a stranger writes.
 *
 * @module
 */

import { InvalidMessageError, parseJson, readDate, Signature } from "@umbel/protocol";
import * as z from "zod/mini";
import type { BackfillRange } from "./backfill.ts";
import type { BeatEntry } from "./entry.ts";

type ShapeOf<T> = { readonly [K in keyof T]-?: z.ZodMiniType<T[K]> };

const instant = "expected an ISO 8601 date and time";

const date = z.pipe(
  z.string(instant).check(z.refine(isDate, instant)),
  z.transform((text) => new Date(readDate(text))),
);

/** Whatever `readEntry` takes for it: that looks at each field, with a sentence for each, and believes no type. */
function asRead<Field extends keyof BeatEntry>(): z.ZodMiniType<NonNullable<BeatEntry[Field]>> {
  return z.custom<NonNullable<BeatEntry[Field]>>(() => true);
}

const entryShape = {
  task: z.union([z.string(), Signature], "expected the name of a task, or a signature in Celery's form"),
  schedule: asRead<"schedule">(),
  args: z.exactOptional(asRead<"args">()),
  kwargs: z.exactOptional(asRead<"kwargs">()),
  options: z.exactOptional(asRead<"options">()),
  timezone: z.exactOptional(asRead<"timezone">()),
  catchup: z.exactOptional(asRead<"catchup">()),
  overlap: z.exactOptional(asRead<"overlap">()),
  startAt: z.exactOptional(date),
  endAt: z.exactOptional(date),
  jitter: z.exactOptional(asRead<"jitter">()),
  enabled: z.exactOptional(asRead<"enabled">()),
} satisfies ShapeOf<BeatEntry>;

/** An entry in JSON: its task is a name or a signature, its dates are texts. A field that there is not is refused by `readEntry`. */
const EntryBody: z.ZodMiniType<BeatEntry> = z.looseObject(entryShape, "expected a JSON object");

const rangeShape = {
  from: date,
  to: date,
  limit: z.exactOptional(z.int("expected a whole number")),
  dryRun: z.exactOptional(z.boolean("expected true or false")),
} satisfies ShapeOf<BackfillRange>;

/** A stretch in JSON. */
const RangeBody: z.ZodMiniType<BackfillRange> = z.strictObject(rangeShape, {
  error: ({ code, keys }) => (code === "unrecognized_keys" ? `unknown: ${String(keys)}` : "expected a JSON object"),
});

/** The entry in a body. Throws `InvalidMessageError` that names the field. */
export function entryIn(text: string): BeatEntry {
  return read(EntryBody, text);
}

/** The stretch in a body. Throws `InvalidMessageError` that names the field. */
export function rangeIn(text: string): BackfillRange {
  return read(RangeBody, text);
}

function read<Body>(schema: z.ZodMiniType<Body>, text: string): Body {
  const outcome = schema.safeParse(jsonIn(text));
  if (outcome.success) return outcome.data;
  const problems = outcome.error.issues.map(({ path, message }) => {
    // What has no words of its own here is not there.
    const reason = message === "Invalid input" ? "it is missing" : message;
    return path.length === 0 ? reason : `${path.map(String).join(".")}: ${reason}`;
  });
  throw new InvalidMessageError(`The body cannot be read: ${problems.join("; ")}`);
}

function jsonIn(text: string): unknown {
  try {
    return parseJson(text);
  } catch (cause) {
    throw new InvalidMessageError("The body is no JSON", { cause });
  }
}

function isDate(text: string): boolean {
  try {
    return !Number.isNaN(readDate(text));
  } catch {
    return false;
  }
}
