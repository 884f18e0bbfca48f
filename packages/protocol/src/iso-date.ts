/**
 * The guard of dates on the wire.
 *
 * @module
 */

import * as z from "zod/mini";
import { isDate } from "./date.ts";

/** Schema of a date on the wire. It stays a text. */
export const IsoDate: z.ZodMiniType<string> = z.string().check(z.refine(isDate, "not an ISO 8601 date and time"));
