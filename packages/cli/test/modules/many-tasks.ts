/** An application with so many tasks that what is listed of them is more than a pipe holds. */

import { Umbel } from "umbel";

/** The application. */
export const app: Umbel = new Umbel("many");

for (let at = 0; at < 3000; at += 1) app.task(`many.task-${at}-${"x".repeat(100)}`, () => at);
