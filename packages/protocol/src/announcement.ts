/**
 * What a worker says of itself when it serves.
 *
 * @module
 */

import * as z from "zod/mini";
import { decode, nullish, type ShapeOf } from "./decode.ts";
import { parseJson } from "./json.ts";

/** A task that a worker has, with those of its options that `registered` can show. */
export interface AnnouncedTask {
  readonly name: string;
  /** In Celery's words, `10/m`. */
  readonly rate_limit?: string | null;
  /** Seconds. */
  readonly time_limit?: number | null;
  readonly soft_time_limit?: number | null;
}

/** A worker, as it shows itself to operators. It has no secret: settings are as `conf` shows them, censored. */
export interface Announcement {
  readonly app: string;
  /** `bun`, `deno`, `node`, `workerd`, `edge-light`. */
  readonly runtime: string;
  /** Of Umbel. */
  readonly version: string;
  /** Where the platform runs it, as the platform calls that. */
  readonly region?: string | null;
  /** Base URL by which the broker reaches it, as it was last reached. */
  readonly url?: string | null;
  readonly pid?: number | null;
  /** Unix seconds. */
  readonly since: number;
  /** Seconds between two of its signs of life while it is busy. */
  readonly freq: number;
  readonly queues: readonly string[];
  readonly tasks: readonly AnnouncedTask[];
  /** Whether it sends task events. */
  readonly taskEvents: boolean;
  /** Settings that differ from the defaults. */
  readonly conf?: Readonly<Record<string, unknown>> | null;
  readonly [field: string]: unknown;
}

const taskShape = {
  name: z.string().check(z.minLength(1)),
  rate_limit: nullish(z.string()),
  time_limit: nullish(z.number()),
  soft_time_limit: nullish(z.number()),
} satisfies ShapeOf<AnnouncedTask>;

const shape = {
  app: z.string(),
  runtime: z.string(),
  version: z.string(),
  region: nullish(z.string()),
  url: nullish(z.string()),
  pid: nullish(z.int()),
  since: z.number(),
  freq: z.number(),
  queues: z.array(z.string()),
  tasks: z.array(z.looseObject(taskShape)),
  taskEvents: z.boolean(),
  conf: nullish(z.record(z.string(), z.unknown())),
} satisfies ShapeOf<Announcement>;

/** Accepts what a worker says of itself. */
export const Announcement: z.ZodMiniType<Announcement> = z.looseObject(shape);

/** Reads it as it was kept. Throws `InvalidMessageError` that names the field. */
export function decodeAnnouncement(text: string): Announcement {
  return decode(Announcement, parseJson(text), "Announcement");
}
