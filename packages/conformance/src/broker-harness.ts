/**
 * What the broker's suite needs: a broker, and a worker's endpoint that its pushes really reach.
 *
 * @module
 */

import type { Broker, Push } from "@umbel/protocol";
import { onTestFinished, type TestContext } from "vitest";

/** A push that reached the endpoint. */
export interface ReceivedPush {
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What the endpoint answers to a push. */
export interface PushReply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Nothing when absent. */
  readonly body?: string;
}

/** A broker under test, mapped to an endpoint that this test alone uses. */
export interface BrokerHarness {
  /** It may send to targets that end in `/abroad` at the endpoint, and to no other. */
  readonly broker: Broker;
  /** What reached the endpoint so far, oldest first. */
  readonly pushes: readonly ReceivedPush[];
  /** How the endpoint answers from now on, at once or later; 200 until this is called. */
  answer(reply: (push: ReceivedPush) => PushReply | Promise<PushReply>): void;
  /** The broker's clock, milliseconds since 1970. */
  now(): number;
  /** Lets so many seconds pass for the broker: moves a fake clock and delivers what is due, or waits. */
  pass(seconds: number): Promise<void>;
  /** Stops what was started for this test. */
  stop?(): Promise<void>;
}

/** Makes a broker and its endpoint ready. */
export type StartBroker = () => BrokerHarness | Promise<BrokerHarness>;

/** Starts a broker for a test, the one that is running unless others run at the same time, and stops it when the test has finished. */
export async function openBroker<Harness extends BrokerHarness>(
  start: () => Harness | Promise<Harness>,
  test: Pick<TestContext, "onTestFinished"> = { onTestFinished },
): Promise<Harness> {
  const harness = await start();
  test.onTestFinished(() => harness.stop?.());
  return harness;
}

/** Skips a test of limits where the broker has none. */
export function needFlowControl({ broker }: BrokerHarness, { skip }: Pick<TestContext, "skip">): void {
  skip(!broker.traits.flowControl, "does not claim flowControl");
}

/** Waits until so many pushes have come, at most about 20 seconds of the broker's time; returns those that came. */
export async function pushesOf(harness: BrokerHarness, count: number): Promise<readonly ReceivedPush[]> {
  for (let times = 0; times < 400 && harness.pushes.length < count; times += 1) await harness.pass(0.05);
  return harness.pushes;
}

/** The only push of a test that expects one. */
export async function onlyPushOf(harness: BrokerHarness): Promise<ReceivedPush> {
  const [push, ...others] = await pushesOf(harness, 1);
  if (!push || others.length > 0) throw new Error(`expected one push, got ${harness.pushes.length}`);
  return push;
}

/** A push as a worker hands it to `verify`. */
export function asPush({ url, headers, body }: ReceivedPush): Push {
  return { headers, body, urls: [url], isLocal: true };
}
