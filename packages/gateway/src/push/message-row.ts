/**
 * A message as a row of the table `message`.
 *
 * @module
 */

import { bytesIn, integerIn, optionalTextIn, type Row, textIn } from "../store/row.ts";
import type { Draft, Message } from "./message.ts";

/** Reads a row. */
export function messageIn(row: Row): Message {
  const callerIp = optionalTextIn(row, "caller_ip");
  const holds = optionalTextIn(row, "held_lane");
  // Sound: only message-store.ts writes this column, from a Draft.
  const draft: Draft = JSON.parse(textIn(row, "draft"));

  return {
    id: textIn(row, "id"),
    draft,
    body: bytesIn(row, "body"),
    lane: textIn(row, "lane"),
    retried: integerIn(row, "retried"),
    createdAt: integerIn(row, "created_at"),
    notBefore: integerIn(row, "not_before"),
    ...(callerIp !== undefined && { callerIp }),
    ...(holds !== undefined && { holds }),
  };
}
