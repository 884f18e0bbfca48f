/** Beat. */

import { type Beat, beat, crontab } from "umbel/beat";
import { add, app } from "./shop.ts";

const schedule: Beat = beat(app, { nightly: { task: add.s(2, 2), schedule: crontab({ hour: 3, minute: 0 }) } });

export default schedule;
