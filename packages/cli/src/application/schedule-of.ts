/**
 * The schedule that is run for a module.
 *
 * @module
 */

import { type Beat, beat as serve } from "umbel/beat";
import type { Found } from "./find-application.ts";

/** The schedule that the module serves; else that of the application's settings, and what was added at run time. */
export function scheduleOf({ app, beat }: Found): Beat {
  return beat ?? serve(app, {}, { tickedBy: "platform", isGuest: true });
}
