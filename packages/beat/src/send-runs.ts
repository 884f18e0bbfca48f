/**
 * Sends runs: all of a tick in as few publish calls as the broker takes.
 *
 * @module
 */

import { type PreparedCall, prepareCall, sendTogether } from "@umbel/core";
import type { Desk } from "./desk.ts";
import type { Run } from "./run.ts";

/**
 * Sends them, or runs them where all calls run in this process. Why each of those was not sent that were not, by their ids;
 * what it is of one keeps no other from being sent. Throws what keeps the application from having its broker: a setting that is
 * missing, say, is no run's fault.
 */
export async function sendRuns(
  { app }: Pick<Desk, "app">,
  runs: readonly Run[],
  now: number,
): Promise<ReadonlyMap<string, Error>> {
  if (app.conf.taskAlwaysEager) return await runHere({ app }, runs, now);
  if (runs.length > 0) void app.broker;
  const prepared = await Promise.all(runs.map(async (run) => await prepare({ app }, run, now)));
  const ready = prepared.flatMap(({ call }) => (call === undefined ? [] : [call]));
  const errors = await sendTogether(app, ready);
  const refused = new Map(ready.map((call, index) => [call, errors[index]]));
  return new Map(
    prepared.flatMap(({ run, call, error = call && refused.get(call) }) =>
      error === undefined ? [] : [[run.id, error]],
    ),
  );
}

/** One after the other: there is but one process. */
async function runHere(
  { app }: Pick<Desk, "app">,
  runs: readonly Run[],
  now: number,
): Promise<ReadonlyMap<string, Error>> {
  const errors = new Map<string, Error>();
  for (const { id, call } of runs) {
    try {
      await app.apply(call(now).wire, { args: [], options: { taskId: id } });
    } catch (error) {
      errors.set(id, errorOf(error));
    }
  }
  return errors;
}

interface Prepared {
  readonly run: Run;
  readonly call?: PreparedCall;
  readonly error?: Error;
}

async function prepare({ app }: Pick<Desk, "app">, run: Run, now: number): Promise<Prepared> {
  try {
    return { run, call: await prepareCall(app, run.call(now)) };
  } catch (error) {
    return { run, error: errorOf(error) };
  }
}

function errorOf(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}
