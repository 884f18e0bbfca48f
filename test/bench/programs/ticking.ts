/**
 * Beat in the bench: many entries that were added at run time, of which some are due.
 *
 * @module
 */

import { beat, crontab, schedules } from "umbel/beat";
import { requestCounts } from "./count-requests.ts";
import { type Asked, eachOf, timed } from "./questions.ts";
import { add, app } from "./umbel-app.ts";

const api = schedules(app);
/** Looks at what was added, and sends nothing of it. */
const first = beat(app, {}, { horizon: 0 });
/** To this one it is due. */
const second = beat(app, {}, { horizon: 300 });

let rounds = 0;

/** Adds the entries that are to be due; the first time, those that are not as well. */
export async function prepare({ count, size }: Asked): Promise<readonly number[]> {
  if (rounds === 0) {
    const yearly = crontab({ minute: 0, hour: 0, dayOfMonth: 1, monthOfYear: 1 });
    await eachOf(count - size, async (i) => {
      await api.upsert(`idle ${i}`, { task: add, args: [i, i], schedule: yearly });
    });
  }
  const startAt = new Date(Date.now() + 240_000);
  rounds += 1;
  await eachOf(size, async (i) => {
    await api.upsert(`due ${rounds} ${i}`, { task: add, args: [i, i], schedule: "1d", startAt });
  });
  for (let sent = 0; sent < 25; sent += 1) await first.tick();
  return [];
}

/** Ticks: seconds, requests to the store and to the broker, and the megabytes that this process has. */
export async function tickOnce({ size }: Asked): Promise<readonly number[]> {
  const before = requestCounts();
  let sent = 0;
  const seconds = await timed(async () => void (sent = (await second.tick()).sent.length));
  if (sent !== size) throw new Error(`The tick has sent ${sent} runs, and ${size} were due`);
  const after = requestCounts();
  return [seconds, after.store - before.store, after.publish - before.publish, process.memoryUsage().rss / 2 ** 20];
}
