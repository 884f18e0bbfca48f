/**
 * Who runs what, and how it ends: each call is one request, each task in it one script.
 *
 * @module
 */

import type {
  Backend,
  CallerBackend,
  Claim,
  ClaimRequest,
  Fence,
  FinishRequest,
  JoinRequest,
  ResultMeta,
  SettleRequest,
} from "@umbel/protocol";
import { encodeChordPart, encodeEffects, encodeResult, isReady } from "@umbel/protocol";
import { chordIn, claimIn, finishIn, renewalIn } from "./answer.ts";
import type { Board } from "./board.ts";
import type { Keys } from "./keys.ts";
import { milliseconds } from "./milliseconds.ts";
import { withEvents, withNotes, withSighting } from "./notes.ts";
import { claim } from "./scripts/claim.ts";
import { finish } from "./scripts/finish.ts";
import { join } from "./scripts/join.ts";
import { progress } from "./scripts/progress.ts";
import { renew } from "./scripts/renew.ts";
import { settle } from "./scripts/settle.ts";
import type { Command } from "./request.ts";
import { getOf, type ScriptCall, type Store, textsIn } from "./store.ts";

/** The part of the port that workers use. */
export type Attempts = Omit<Backend, keyof CallerBackend>;

/** Where attempts are kept. */
export interface AttemptStores {
  readonly store: Store;
  /** The same store, for renewals alone: a lease must not end because its renewal stands in line behind other calls. */
  readonly renewals: Store;
  readonly keys: Keys;
  readonly board: Board;
}

/** Claims, renewals and ends, kept in a store. */
export function attemptsIn({ store, renewals, keys, board }: AttemptStores): Attempts {
  const own = (id: string): readonly string[] => [keys.record(id), keys.result(id)];
  /** With what is held besides. */
  const aside = board.keys ? [board.keys.active] : [];
  const keysOf = (id: string): Omit<ScriptCall, "args"> => ({ keys: own(id), aside });

  return {
    async claim(request) {
      const call = withNotes(board, { ...keysOf(request.id), args: argsOfClaim(request) }, request.notes);
      const [reply, ...texts] = await store.run(claim, [call], loadsOf(request, keys));
      return withTexts(claimIn(reply, request), request, texts);
    },

    async renew({ id, fence, lease, retention, sighting }) {
      const args = [...argsOfFence(fence), milliseconds(lease), milliseconds(retention)];
      const [reply] = await renewals.run(renew, [withSighting(board, { ...keysOf(id), args }, sighting)]);
      return renewalIn(reply);
    },

    async progress({ id, fence, result, resultExpires }) {
      const args = [...argsOfFence(fence), encodeResult(result), milliseconds(resultExpires)];
      const [reply] = await store.run(progress, [{ keys: own(id), args }]);
      return reply === 1;
    },

    async finish(request) {
      const call = { ...keysOf(request.id), args: argsOfFinish(request, groupOf(keys, request)) };
      const [reply] = await store.run(finish, [withEvents(board, call, request.events)]);
      return finishIn(reply);
    },

    async settle(requests) {
      const calls = requests.map((request) => ({
        ...keysOf(request.id),
        args: argsOfSettle(request, groupOf(keys, request)),
      }));
      await store.run(settle, calls);
    },

    async join(request) {
      const [reply] = await store.run(join, [{ keys: [keys.chord(request.group)], args: argsOfJoin(request) }]);
      return chordIn(reply);
    },
  };
}

/** Where whoever waits for a group is told of the end of a member. */
function groupOf(keys: Keys, { result }: { readonly result?: ResultMeta }): string {
  return result?.group_id && isReady(result.status) ? keys.members(result.group_id) : "";
}

function loadsOf({ load = [] }: ClaimRequest, keys: Keys): readonly Command[] {
  return load.map((name) => getOf(keys.text(name)));
}

/** The answer with the texts that were asked for, where it gives the fence. */
function withTexts(answer: Claim, { load }: ClaimRequest, texts: readonly unknown[]): Claim {
  return load === undefined || !("fence" in answer) ? answer : { ...answer, texts: textsIn(texts) };
}

function argsOfClaim(request: ClaimRequest): readonly string[] {
  const { retries, generation, token, lease, hardLimit, expires, undeliverable, retention, started } = request;
  return [
    String(retries),
    String(generation),
    token,
    milliseconds(lease),
    milliseconds(hardLimit),
    expires === undefined ? "" : String(Math.ceil(expires)),
    undeliverable ? "1" : "0",
    milliseconds(retention),
    textOf(started),
    request.early ? "1" : "0",
    request.once ? "1" : "0",
    request.declined ? "1" : "0",
    request.canvas ?? "",
  ];
}

function argsOfFence({ retries, generation, epoch }: Fence): readonly string[] {
  return [String(retries), String(generation), String(epoch)];
}

function argsOfFinish(request: FinishRequest, group: string): readonly string[] {
  const { fence, state, effects, retention, result, resultExpires, canvas = "" } = request;
  const end = [state, encodeEffects(effects), milliseconds(retention)];
  return [...argsOfFence(fence), ...end, textOf(result), milliseconds(resultExpires), group, canvas];
}

function argsOfSettle(request: SettleRequest, group: string): readonly string[] {
  const { state, retention, result, resultExpires, canvas = "" } = request;
  return [state, milliseconds(retention), textOf(result), milliseconds(resultExpires), group, canvas];
}

function argsOfJoin({ part, size, adds = [], retention }: JoinRequest): readonly string[] {
  const isAdded = part.added === undefined ? "0" : "1";
  const member = [part.id, encodeChordPart(part), String(size), milliseconds(retention)];
  return [...member, isAdded, String(adds.length), ...adds];
}

function textOf(result: ResultMeta | undefined): string {
  return result ? encodeResult(result) : "";
}
