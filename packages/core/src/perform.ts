/**
 * Performs stored effects: settles, joins, publishes. May be done any number of times, by anyone (delivery.md 8).
 *
 * @module
 */

import { afterFailure, completeChord } from "@umbel/canvas";
import {
  type Effect,
  failureOf,
  isPropagated,
  type JoinEffect,
  MessageTooLargeError,
  type Publication,
  type SettleEffect,
  type SettleRequest,
  tracebackOf,
  writeDate,
} from "@umbel/protocol";
import type { Application } from "./application.ts";
import { rootWord } from "./canvas-word.ts";
import { effectsOf, followingOf } from "./effects.ts";
import { workerLogger } from "./log.ts";
import { printable } from "./printable.ts";
import { messageWithout } from "./omission.ts";
import { publish } from "./publish.ts";
import { resultLife, retentionOf, waitingRetentionOf } from "./retention.ts";
import { unfoldedBody, unfoldedUnsent } from "./unfolded.ts";

/** What is known of effects. */
export interface Performance {
  /** Whoever watches has been told what they send: they were stored together with that. */
  readonly areTold?: boolean;
}

/**
 * Performs effects and what follows from them, until nothing does: a join may complete a chord, whose body then is
 * sent or failed; a message that the broker refuses for good ends as a failure, with all that waits for it.
 * Throws `BackendUnavailable` or `BrokerUnavailable`; performing all of them again is then the way to go on.
 */
export async function perform(
  app: Application,
  effects: readonly Effect[],
  { areTold = false }: Performance = {},
): Promise<void> {
  let open = effects;
  for (let isTold = areTold; open.length > 0; isTold = false) {
    await settle(
      app,
      open.filter((each) => each.kind === "settle"),
    );
    const joined = await Promise.all(
      open.filter((each) => each.kind === "join").map(async (each) => await join(app, each)),
    );
    const sends = open.filter((each) => each.kind === "send").map((each) => each.publication);
    const refused = await publish(app, sends, { isTold });
    const failed = await Promise.all(
      refused.map(async ({ publication, error }) => await failUnsent(app, publication, error)),
    );
    open = [...joined.flat(), ...failed.flat()];
  }
}

async function settle(app: Application, effects: readonly SettleEffect[]): Promise<void> {
  if (effects.length === 0) return;
  const life = { retention: retentionOf(app), ...resultLife(app.conf) };
  await settleInParts(
    app,
    effects.map(({ id, state, result, root }) => ({
      id,
      state,
      ...life,
      ...(result === undefined ? {} : { result }),
      ...(root === undefined ? {} : { canvas: rootWord(root) }),
    })),
  );
}

/** A long chain's ends may be too large for one request. */
async function settleInParts(
  { backend }: Pick<Application, "backend">,
  requests: readonly SettleRequest[],
): Promise<void> {
  try {
    await backend.settle(requests);
  } catch (error) {
    if (!(error instanceof MessageTooLargeError) || requests.length === 1) throw error;
    const middle = Math.ceil(requests.length / 2);
    await settleInParts({ backend }, requests.slice(0, middle));
    await settleInParts({ backend }, requests.slice(middle));
  }
}

async function join(
  app: Application,
  { group, size, part, adds = [], body, root }: JoinEffect,
): Promise<readonly Effect[]> {
  const state = await app.backend.join({ group, size, part, adds, retention: waitingRetentionOf(app) });
  if (!state.complete) return [];
  const isDoomed = body.options.on_error !== "collect" && state.parts.some((each) => isPropagated(each.state));
  const whole = await unfoldedBody(app, body, { isDoomed, member: part.id });
  return readable(app, part.id, () => effectsOf(app, completeChord(whole, state.parts, { ...followingOf(app), root })));
}

/**
 * What follows from a message, as far as it can be read: only a foreign sender's, or a forged one's, cannot. Thrown from
 * here it would stop every delivery of the task, though no repetition can help.
 */
export function readable(app: Application, taskId: string, read: () => readonly Effect[]): readonly Effect[] {
  try {
    return read();
  } catch (error) {
    const log = app.logger({ logger: workerLogger });
    log.critical(`What is to follow ${printable(taskId)} cannot be read, so nobody is told: ${tracebackOf(error)}`);
    return [];
  }
}

/** What follows from a message that will never be sent. Throws `BackendUnavailable`. */
export async function failUnsent(
  app: Application,
  publication: Publication,
  error: unknown,
): Promise<readonly Effect[]> {
  const message = await unfoldedUnsent(app, publication.message);
  const failure = failureOf(error);
  const traceback = tracebackOf(error);
  const own: SettleEffect = {
    kind: "settle",
    id: message.headers.id,
    root: message.headers.root_id ?? message.headers.id,
    state: "FAILURE",
    result: {
      status: "FAILURE",
      result: failure,
      traceback,
      children: [],
      date_done: writeDate(app.platform.now()),
      task_id: message.headers.id,
      ...(message.headers.group ? { group_id: message.headers.group } : {}),
    },
  };
  // An errback is told a call's arguments: with those that are too large for a message it would be refused as well.
  const told = error instanceof MessageTooLargeError ? messageWithout(message, ["arguments"]) : message;
  const following = () => effectsOf(app, afterFailure(told, { failure, traceback }, followingOf(app)));
  return [own, ...readable(app, own.id, following)];
}
