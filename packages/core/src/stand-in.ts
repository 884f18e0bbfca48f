/**
 * Who sends what a worker makes only to put it in a running task's place: it belongs to no application, and is neither sent
 * nor called as it is. So a worker needs none of the handles that senders of groups return.
 *
 * @module
 */

import { NotRegistered, type Signature } from "@umbel/protocol";
import { line } from "./line.ts";
import type { SignatureSender } from "./signature.ts";

/** Refuses to send, and to call. */
export const standIn: SignatureSender = { composition: line, isNobody: true, apply: refuse, callHere: refuse };

async function refuse({ task }: Signature): Promise<never> {
  return await Promise.reject(new NotRegistered(task));
}
