/**
 * What the scripts answer, in the words of the port.
 *
 * @module
 */

import type { ChordState, Claim, ClaimRequest, Finish, RecordState, Renewal, RevokedReason } from "@umbel/protocol";
import { BackendUnavailable, decodeChordPart, decodeEffects, inHeaderOrder, isTerminal } from "@umbel/protocol";

/** The answer of `claim`. */
export function claimIn(reply: unknown, request: ClaimRequest): Claim {
  const [revision, text] = textsIn(reply).slice(3);
  const answer = verdictIn(reply, request);
  return revision === undefined || text === undefined ? answer : { ...answer, directives: { revision, text } };
}

function verdictIn(reply: unknown, { retries, generation }: ClaimRequest): Claim {
  const { answer, first, second } = wordsIn(reply);
  const fence = { retries, generation, epoch: Number(first) };
  switch (answer) {
    case "run":
    case "overdue":
      return { answer, fence };
    case "lost":
      return second === "paused" ? { answer, fence, wasPaused: true } : { answer, fence };
    case "revoked":
      return { answer, fence, reason: reasonIn(second) };
    case "done":
      return { answer, ...endIn(first), effects: decodeEffects(second) };
    case "leased":
      return { answer, remaining: Number(first) / 1000, running: Number(second) / 1000 };
    case "superseded":
      return { answer, ...overtakenBy(first) };
    case "paused":
      return { answer };
    default:
      throw nonsense(reply);
  }
}

/** The answer of `renew`. */
export function renewalIn(reply: unknown): Renewal {
  const [held, mark = ""] = textsIn(reply);
  return { held: held === "1", revoked: mark !== "", terminate: mark === "terminated" };
}

/** The answer of `finish`. */
export function finishIn(reply: unknown): Finish {
  const [applied, effects = "", untold = ""] = textsIn(reply);
  const said = { applied: applied === "1", effects: effects === "" ? [] : decodeEffects(effects) };
  return untold === "" ? said : { ...said, untold: true };
}

/** The answer of `join`. */
export function chordIn(reply: unknown): ChordState {
  if (!Array.isArray(reply)) throw nonsense(reply);
  const [ended, texts]: unknown[] = reply;
  if (texts === undefined) return { complete: false, ended: Number(ended) };
  return { complete: true, parts: inHeaderOrder(textsIn(texts).map(decodeChordPart)) };
}

function wordsIn(reply: unknown): { answer: string; first: string; second: string } {
  const [answer = "", first = "", second = ""] = textsIn(reply);
  return { answer, first, second };
}

function textsIn(reply: unknown): string[] {
  if (!Array.isArray(reply)) throw nonsense(reply);
  return reply.map(String);
}

/** A state, and behind a space whether whoever asks is yet to tell what follows it. */
function endIn(text: string): { readonly state: RecordState; readonly untold?: true } {
  const [state = "", untold] = text.split(" ");
  return { state: stateIn(state), ...(untold === undefined ? {} : { untold: true }) };
}

function overtakenBy(text: string): { readonly state?: RecordState; readonly untold?: true } {
  if (text === "") return {};
  return text.startsWith(" ") ? { untold: true } : endIn(text);
}

function stateIn(text: string): RecordState {
  if (isRecordState(text)) return text;
  throw nonsense(text);
}

/** Whether it is how an attempt ends. */
export function isRecordState(text: string): text is RecordState {
  return isTerminal(text) || text === "RETRY" || text === "REJECTED" || text === "REPLACED";
}

function reasonIn(text: string): RevokedReason {
  if (text === "revoked" || text === "expired" || text === "terminated") return text;
  throw nonsense(text);
}

function nonsense(reply: unknown): BackendUnavailable {
  return new BackendUnavailable(`upstash-redis: a script answered ${JSON.stringify(reply)}`);
}
