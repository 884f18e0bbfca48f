/**
 * Umbel's figures, beside those of Celery and BullMQ on the same machine: `npm run bench`.
 *
 * Every trial is run by all in turn, again and again, and the median counts: so what else the machine does in the
 * meantime does it to all. Nothing here is a test, and no figure fails anything.
 *
 * @module
 */

import { type Arguments, readArguments, usage } from "./arguments.ts";
import { budget } from "./budget.ts";
import { canvases, longest } from "./canvases.ts";
import { type ContenderName, contenderNames, type Running } from "./contender.ts";
import { missing, startField } from "./contenders.ts";
import { conditionsOf } from "./conditions.ts";
import { eventCosts, eventSpeeds } from "./events.ts";
import { messages } from "./messages.ts";
import { record, rewrite } from "./record.ts";
import { scheduleSpeeds } from "./schedules.ts";
import { bundleSizes } from "./sizes.ts";
import { statusTimes } from "./status.ts";
import { tableOf } from "./table.ts";
import { throughput } from "./throughput.ts";
import { ticks } from "./ticks.ts";
import { type Line, median, type Setting, type Trial } from "./trial.ts";

const trials: readonly Trial[] = [...throughput, ...canvases, ...budget, ...messages, ...ticks, ...eventCosts, longest];
const names = {
  trials: [...trials.map(({ name }) => name), "schedules", "events", "status", "bundles"],
  contenders: contenderNames,
};

/** What is measured, whatever becomes of it. */
type Work = Pick<Arguments, "only" | "against" | "runtime" | "profile" | "isQuick" | "runs">;

const asked = read();
if (asked.help) console.log(`${usage}\nNames: ${names.trials.join(", ")}\nContenders: ${names.contenders.join(", ")}`);
else if (asked.onlyTables) rewrite();
else await bench(asked);
process.exit(0);

function read(): Arguments {
  try {
    return readArguments(process.argv.slice(2), names);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    console.error(`${error.message}\n${usage}`);
    process.exit(2);
  }
}

async function bench({ runtime, asJson, isKept, ...rest }: Arguments): Promise<void> {
  for (const each of missing()) console.error(each);
  const conditions = conditionsOf(runtime, rest.runs);
  if (isKept && conditions.load > conditions.cores) {
    throw new Error(`The machine is busy (load ${conditions.load.toFixed(1)}): figures that are kept want a quiet one`);
  }
  if (asJson) console.log(JSON.stringify(conditions));
  const lines: Line[] = [];
  for await (const line of linesFor({ runtime, ...rest })) {
    lines.push(line);
    if (asJson) console.log(JSON.stringify(line));
  }
  if (!asJson) console.log(tableOf(lines, conditions));
  if (isKept) record({ conditions, lines });
}

async function* linesFor(work: Work): AsyncGenerator<Line> {
  const isWanted = (name: string) => work.only.length === 0 || work.only.some((each) => isNamed(name, each));
  const chosen = trials.filter(({ name }) => isWanted(name));
  if (chosen.length > 0) yield* linesOfField(chosen, work);
  if (isWanted("schedules")) yield* scheduleSpeeds(work);
  if (isWanted("events")) yield* eventSpeeds(work);
  if (isWanted("status")) yield* await statusTimes(work);
  if (isWanted("bundles")) yield* bundleSizes();
}

/** What takes contenders with processes of their own. */
async function* linesOfField(
  chosen: readonly Trial[],
  { against, runtime, profile, isQuick, runs }: Work,
): AsyncGenerator<Line> {
  const wanted = contenderNames.filter((name) => against.length === 0 || against.includes(name));
  const field = await startField(new Set(wanted), { runtime, profile });
  const setting = { runtime, redis: field.redis, scaled: scaleOf(isQuick), runs };
  for (const running of field.contenders) await warm(running, setting);
  for (const trial of chosen) yield* await run(trial, field.contenders, setting);
  await field.stop();
}

/** All begin warm: connections are open, scripts known, and what runs often is compiled. */
async function warm({ ask }: Running, { scaled }: Setting): Promise<void> {
  await ask({ scenario: "roundTrips", count: 20 });
  for (let time = 0; time < 5; time += 1) await ask({ scenario: "tasks", count: scaled(3000) });
}

/** By its name, or by how it begins where that is nobody's name. */
function isNamed(name: string, wanted: string): boolean {
  return name === wanted || (name.startsWith(wanted) && !trials.some((each) => each.name === wanted));
}

/** Runs a trial with all who take part in it, in turn. */
async function run(
  trial: Trial,
  contenders: readonly Running[],
  { runs, ...setting }: Setting & { readonly runs: number },
): Promise<readonly Line[]> {
  const partakers = contenders.filter(({ name }) => trial.contenders?.includes(name) ?? true);
  const times = Math.min(runs, trial.mostRuns ?? runs);
  const measured = new Map<ContenderName, (readonly number[])[]>(partakers.map(({ name }) => [name, []]));
  for (let time = 0; time < times; time += 1) {
    for (const running of partakers) {
      const values = await withinLimit(trial, trial.measure(running, setting));
      if (values === undefined) {
        console.error(`${trial.name}: ${running.name} has not ended within ${trial.longest} s`);
        continue;
      }
      measured.get(running.name)?.push(values);
      console.error(`${trial.name} ${time + 1}/${times} ${running.name}: ${values.map(short).join(", ")}`);
    }
  }
  return linesOf(trial, measured);
}

/** What was measured; undefined when that took too long. */
async function withinLimit<Values>(
  { longest: seconds }: Trial,
  measured: Promise<Values>,
): Promise<Values | undefined> {
  if (seconds === undefined) return await measured;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), seconds * 1000);
  });
  return await Promise.race([measured, late]).finally(() => clearTimeout(timer));
}

function linesOf(trial: Trial, measured: ReadonlyMap<ContenderName, readonly (readonly number[])[]>): readonly Line[] {
  return trial.figures.map(({ id, ...about }, index) => {
    const runs = [...measured]
      .map(([name, values]) => [name, values.flatMap((each) => each[index] ?? [])] as const)
      .filter(([, values]) => values.length > 0);
    return {
      figure: id,
      ...about,
      values: Object.fromEntries(runs.map(([name, values]) => [name, median(values)])),
      runs: Object.fromEntries(runs),
    };
  });
}

function scaleOf(isQuick: boolean): Setting["scaled"] {
  return (count) => (isQuick ? Math.ceil(count / 100) : count);
}

function short(value: number): string {
  return value.toPrecision(4);
}
