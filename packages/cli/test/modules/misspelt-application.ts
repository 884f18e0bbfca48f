/** An application with a setting that there is not. */

import { Umbel } from "umbel";

const settings = { taskDefaultQeue: "slow", timezone: "UTC" };

/** It is never made. */
export const app: Umbel = new Umbel("misspelt", settings);
