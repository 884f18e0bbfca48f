/**
 * Sends again what the broker has given up.
 *
 * A letter is published anew, under its next generation, and buried once that is accepted. Whoever is killed in between, or does the
 * same at the same time, publishes the same message: a broker drops the second, and a claim does.
 *
 * @module
 */

import { publicationFor, publish, unfoldedUnsent } from "@umbel/core";
import { type Publication, type TaskRecordView, ValueError } from "@umbel/protocol";
import type { Desk } from "./desk.ts";
import { everyRead } from "./every.ts";
import { hindranceOf } from "./hindrance.ts";
import { replayKept } from "./kept.ts";
import { compareLetters, deadTaskOf, generationOf, type Letter, letterPage } from "./letters.ts";
import { endOfChain, resentMessage } from "./replay-message.ts";
import type { Replayed, ReplayedTask, ReplayFilter, ReplayOptions, UnreplayedTask } from "./replayed.ts";
import { release, reserve, type Reserved } from "./reservation.ts";
import { accountOf, type Part } from "./replay-account.ts";
import type { Read } from "./unread.ts";

/** Letters of one task. */
interface Case {
  readonly id: string;
  /** That of its last attempt, with what its message refers to. */
  readonly letter: Letter;
  /** All of them. */
  readonly letterIds: readonly string[];
  /** Of the next sending. */
  readonly generation: number;
}

/** What is sent of a case. */
interface Sendable {
  readonly publication: Publication;
  readonly replayed: ReplayedTask;
  readonly letterIds: readonly string[];
  readonly generation: number;
}

type Plan = Sendable | { readonly refused: UnreplayedTask };

/** Most tasks that are sent in one go, and most records that are read at once. */
const mostAtOnce = 100;

/**
 * Replays what is meant. Throws `ValueError` for a task that is named alone and cannot be replayed, and says why; of several, and
 * of those that a filter fits, those that cannot be are told of in the answer.
 */
export async function replay(
  desk: Desk,
  which: string | readonly string[] | ReplayFilter,
  how: ReplayOptions,
): Promise<Replayed> {
  const filter = filterIn(which);
  const { items: letters, unread } = await lettersOf(desk, filter);
  const cases = casesOf(letters);
  const found = new Set(cases.map(({ id }) => id));
  const missing = [...new Set(filter.ids ?? [])].filter((id) => !found.has(id));
  const kept = await replayKept(desk, isOnlyIds(filter) ? missing : [], how);
  const { replayed, refused } = await accountOf(cases, {
    before: kept,
    size: mostAtOnce,
    act: async (some) => await replayPart(desk, some, how),
  });
  const [only] = refused;
  if (typeof which === "string" && only !== undefined) throw new ValueError(`${which} is not replayed: ${only.reason}`);
  return { count: replayed.length, dryRun: how.dryRun ?? false, replayed, refused, unread };
}

/** A letter that does not fit what else is said is not meant. */
function isOnlyIds(filter: ReplayFilter): boolean {
  return Object.keys(filter).every((name) => name === "ids");
}

function filterIn(which: string | readonly string[] | ReplayFilter): ReplayFilter {
  if (typeof which === "string") return { ids: [which] };
  return isIds(which) ? { ids: which } : which;
}

function isIds(which: readonly string[] | ReplayFilter): which is readonly string[] {
  return Array.isArray(which);
}

/** All letters of the tasks that are meant. */
async function lettersOf(desk: Desk, filter: ReplayFilter): Promise<Read<Letter>> {
  if (filter.ids?.length === 0) return { items: [], unread: 0 };
  return await everyRead(async (request) => await letterPage(desk, filter, request));
}

function casesOf(letters: readonly Letter[]): readonly Case[] {
  const byTask = new Map<string, [Letter, ...Letter[]]>();
  for (const letter of letters) {
    const { id } = letter.message.headers;
    const others = byTask.get(id) ?? [];
    byTask.set(id, [letter, ...others]);
  }
  return Array.from(byTask, ([id, of]) => ({
    id,
    letter: of.reduce((last, each) => (compareLetters(each, last) > 0 ? each : last)),
    letterIds: of.map(({ dead }) => dead.letterId),
    generation: Math.max(...of.map(({ message }) => generationOf(message))) + 1,
  }));
}

async function replayPart(desk: Desk, cases: readonly Case[], how: ReplayOptions): Promise<Part> {
  const opened = await Promise.all(cases.map(async (each) => await unfoldedCase(desk, each)));
  const records = await recordsOf(desk, opened);
  const plans = opened.map((each) => planOf(desk, each, { how, records }));
  const refused = plans.flatMap((plan) => ("refused" in plan ? [plan.refused] : []));
  const sendable = plans.flatMap((plan) => ("refused" in plan ? [] : [plan]));
  if (how.dryRun === true) return { replayed: sendable.map((plan) => plan.replayed), refused };
  const lost = await reserve(desk, sendable.map(reservedOf), how);
  const losers = new Set(lost.map(({ id }) => id));
  const won = sendable.filter(({ replayed }) => !losers.has(replayed.origin));
  return await send(desk, won, [...refused, ...lost]);
}

function reservedOf({ replayed, generation }: Sendable): Reserved {
  return { id: replayed.origin, sending: `${generation}` };
}

/** With what its message refers to, as far as that is still kept. Throws `BackendUnavailable`. */
async function unfoldedCase({ app }: Desk, found: Case): Promise<Case> {
  const message = await unfoldedUnsent(app, found.letter.message);
  return { ...found, letter: { ...found.letter, message } };
}

/** What the store knows of tasks, and of the steps that end their chains. */
async function recordsOf(desk: Desk, cases: readonly Case[]): Promise<ReadonlyMap<string, TaskRecordView>> {
  if (!desk.app.hasBackend) return new Map();
  const ids = cases.flatMap(({ id, letter }) => [id, endOfChain(letter.message) ?? id]);
  const records = await desk.store().records([...new Set(ids)]);
  return new Map(records.map((record) => [record.id, record]));
}

interface Circumstances {
  readonly how: ReplayOptions;
  readonly records: ReadonlyMap<string, TaskRecordView>;
}

function planOf({ app }: Desk, { id, letter, letterIds, generation }: Case, { how, records }: Circumstances): Plan {
  const { asNew = false, dryRun = false, ...edit } = how;
  const now = app.platform.now();
  const reason = hindranceOf(letter.message, records.get(id), { asNew, now });
  if (reason !== undefined) return { refused: { id, reason } };
  const end = endOfChain(letter.message);
  const hasEnded = end !== undefined && records.get(end)?.state !== undefined;
  const message = resentMessage(letter.message, { ...edit, asNew, generation, now, hasEnded });
  const { queue, target } = letter.dead;
  const result = endOfChain(message);
  const replayed = {
    id: message.headers.id,
    origin: id,
    task: message.headers.task,
    queue,
    ...(result === undefined ? {} : { result }),
    ...(dryRun ? { letter: deadTaskOf(letter) } : {}),
  };
  return { publication: publicationFor(message, { queue, target }), replayed, letterIds, generation };
}

/** Publishes, and then buries what was accepted, and frees what was refused. Throws `BrokerUnavailable`. */
async function send(desk: Desk, plans: readonly Sendable[], refused: readonly UnreplayedTask[]): Promise<Part> {
  const refusals = await publish(
    desk.app,
    plans.map(({ publication }) => publication),
  );
  const reasons = new Map(refusals.map(({ publication, error }) => [publication.message.headers.id, error.message]));
  const sent = plans.filter(({ replayed }) => !reasons.has(replayed.id));
  const failed = plans.flatMap((plan) => {
    const reason = reasons.get(plan.replayed.id);
    return reason === undefined ? [] : [{ ...reservedOf(plan), reason }];
  });
  await release(desk, failed);
  if (sent.length > 0) await desk.broker().bury(sent.flatMap(({ letterIds }) => letterIds));
  return {
    replayed: sent.map(({ replayed }) => replayed),
    refused: [...refused, ...failed.map(({ id, reason }) => ({ id, reason }))],
  };
}
