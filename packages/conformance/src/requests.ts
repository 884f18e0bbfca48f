/**
 * Builders: one thing each, valid, with only what a test is about set by the test.
 *
 * @module
 */

import type {
  ChordPart,
  Claim,
  ClaimRequest,
  Effect,
  Fence,
  FinishRequest,
  Publication,
  ResultMeta,
  SettleRequest,
  TaskMessage,
} from "@umbel/protocol";
import { expect } from "vitest";

/** An id that no other test has. */
export function newId(): string {
  return crypto.randomUUID();
}

/** A delivery's wish for a task: first attempt, a token of its own, a lease that no test outlives. */
export function claimOf(id: string, about: Partial<ClaimRequest> = {}): ClaimRequest {
  return { id, retries: 0, generation: 0, token: newId(), lease: 600, retention: 3600, ...about };
}

/** The end of an attempt: SUCCESS, nothing to follow, nothing for readers. */
export function finishOf(id: string, fence: Fence, about: Partial<FinishRequest> = {}): FinishRequest {
  return { id, fence, state: "SUCCESS", effects: [], retention: 3600, ...about };
}

/** The end of a task that did not run. */
export function settleOf(id: string, about: Partial<SettleRequest> = {}): SettleRequest {
  return { id, state: "FAILURE", retention: 3600, ...about };
}

/** What readers see of a task: SUCCESS with the value 5. */
export function resultOf(id: string, about: Partial<ResultMeta> = {}): ResultMeta {
  return { status: "SUCCESS", result: 5, traceback: null, children: [], date_done: null, task_id: id, ...about };
}

/** A failure as readers see it. */
export function failureOf(id: string, reason: string): ResultMeta {
  return resultOf(id, { status: "FAILURE", result: { exc_type: "Error", exc_message: [reason], exc_module: null } });
}

/** How a member of a chord ended: SUCCESS, its id being its value. */
export function partOf(id: string, about: Partial<ChordPart> = {}): ChordPart {
  return { id, index: 0, state: "SUCCESS", result: id, ...about };
}

/** A call of `shop.add`. */
export function messageOf(id: string, about: Partial<TaskMessage> = {}): TaskMessage {
  const headers = { lang: "js", task: "shop.add", id, retries: 0, root_id: id, parent_id: null };
  const embed = { callbacks: null, errbacks: null, chain: null, chord: null };
  return { headers, properties: { correlation_id: id, generation: 0 }, body: [[2, 3], {}, embed], ...about };
}

/** A message for the default queue. */
export function publicationOf(id: string, about: Partial<Publication> = {}): Publication {
  return { message: messageOf(id), queue: "default", deduplicationId: newId(), ...about };
}

/** What follows an attempt: one message. */
export function sendOf(id: string): Effect {
  return { kind: "send", publication: publicationOf(id, { deduplicationId: `once-${id}` }) };
}

/** The fence of a claim that was answered as expected. */
export function fenceOf(claim: Claim, answer: "run" | "revoked" | "overdue" | "lost" = "run"): Fence {
  expect(claim).toMatchObject({ answer });
  if ("fence" in claim) return claim.fence;
  throw new Error(`a claim answered ${claim.answer} has no fence`);
}
