/**
 * What operators have asked of all workers: kept in the store, so that it survives restarts and reaches each worker with the
 * answer to its next claim.
 *
 * @module
 */

import * as z from "zod/mini";
import { decode, type ShapeOf } from "./decode.ts";
import { parseJson } from "./json.ts";

/** Limits of a task, in seconds; null: none; absent: as declared. */
export interface DirectedLimits {
  readonly soft?: number | null;
  readonly hard?: number | null;
}

/** All that was asked for and still holds. What is absent was never asked for, or was taken back. */
export interface Directives {
  /** Rate limits by task, in Celery's words: `10/m`; 0 for none. */
  readonly rateLimits?: Readonly<Record<string, string | number>>;
  /** Time limits by task. */
  readonly timeLimits?: Readonly<Record<string, DirectedLimits>>;
  /** Whether workers send task events, whatever their settings say. */
  readonly taskEvents?: boolean;
  /** Queues of which no message is begun. */
  readonly paused?: readonly string[];
  /** Workers that begin no message any more. */
  readonly drained?: readonly string[];
}

/** Directives as a store keeps them: the revision changes with each change. */
export interface KeptDirectives {
  readonly revision: string;
  readonly text: string;
}

const seconds = z.nullable(z.number().check(z.nonnegative()));

const limitsShape = {
  soft: z.exactOptional(seconds),
  hard: z.exactOptional(seconds),
} satisfies ShapeOf<DirectedLimits>;

const shape = {
  rateLimits: z.exactOptional(z.record(z.string(), z.union([z.string(), z.number()]))),
  timeLimits: z.exactOptional(z.record(z.string(), z.looseObject(limitsShape))),
  taskEvents: z.exactOptional(z.boolean()),
  paused: z.exactOptional(z.array(z.string())),
  drained: z.exactOptional(z.array(z.string())),
} satisfies ShapeOf<Directives>;

const Directives: z.ZodMiniType<Directives> = z.looseObject(shape);

/** Reads directives as they were kept. Throws `InvalidMessageError` that names the field. */
export function decodeDirectives(text: string): Directives {
  return decode(Directives, parseJson(text), "Directives");
}

/** Writes directives as they are kept. */
export function encodeDirectives(directives: Directives): string {
  return JSON.stringify(directives);
}
