/**
 * What the desk's suite needs: a broker with its desk, and a worker's endpoint that its pushes really reach.
 *
 * @module
 */

import {
  type AcceptedMessage,
  type BrokerDesk,
  type DeadMessage,
  decodePush,
  type HeldMessage,
  type MessagePage,
  type MessageQuery,
} from "@umbel/protocol";
import type { TestContext } from "vitest";
import { type BrokerHarness, openBroker } from "./broker-harness.ts";
import { newId } from "./requests.ts";

/** A broker and its desk under test. Others may use the broker as well: a test asks for what is its own. */
export interface BrokerDeskHarness extends BrokerHarness {
  readonly desk: BrokerDesk;
}

/** Makes a broker, its desk and an endpoint ready. */
export type StartBrokerDesk = () => BrokerDeskHarness | Promise<BrokerDeskHarness>;

/** What a test works with. */
export interface OpenDesk {
  readonly harness: BrokerDeskHarness;
  /** A queue that no other test has. */
  readonly queue: string;
}

/** Starts a broker for a test, and stops it when the test has finished: others may run at the same time. */
export async function openDesk(start: StartBrokerDesk, test: TestContext): Promise<OpenDesk> {
  return { harness: await openBroker(start, test), queue: `desk-${newId()}` };
}

/** All accepted messages that fit, however many pages they come in. */
export async function acceptedIn(
  { desk }: BrokerDeskHarness,
  query: Partial<MessageQuery>,
): Promise<readonly AcceptedMessage[]> {
  return await allOf((page) => desk.accepted(page), query);
}

/** All dead letters that fit. */
export async function deadIn(
  { desk }: BrokerDeskHarness,
  query: Partial<MessageQuery>,
): Promise<readonly DeadMessage[]> {
  return await allOf((page) => desk.dead(page), query);
}

/** Asks again until the answer is accepted, for at most about 20 seconds of the broker's time; the last answer. */
export async function untilSeen<Answer>(
  harness: BrokerDeskHarness,
  ask: () => Promise<Answer>,
  accept: (answer: Answer) => boolean,
): Promise<Answer> {
  for (let times = 1; ; times += 1) {
    const answer = await ask();
    if (accept(answer) || times === 400) return answer;
    await harness.pass(0.05);
  }
}

/** Ids of the tasks that these messages are of. */
export async function taskIdsIn(messages: readonly Pick<HeldMessage, "body">[]): Promise<readonly string[]> {
  return await Promise.all(messages.map(async ({ body }) => (await decodePush(body)).headers.id));
}

/** Throws when a page has more than its limit. */
async function allOf<Message extends HeldMessage>(
  ask: (query: MessageQuery) => Promise<MessagePage<Message>>,
  query: Partial<MessageQuery>,
): Promise<readonly Message[]> {
  const { limit = 50 } = query;
  const found: Message[] = [];
  let cursor: string | undefined;
  do {
    const { messages, ...rest } = await ask({ ...query, limit, ...(cursor !== undefined && { cursor }) });
    if (messages.length > limit) throw new Error(`A page has ${messages.length} messages, its limit is ${limit}`);
    found.push(...messages);
    cursor = rest.cursor;
  } while (cursor !== undefined);
  return found;
}
