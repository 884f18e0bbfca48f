/**
 * Hands publications to the broker, again where that can help.
 *
 * @module
 */

import {
  BrokerRejected,
  BrokerUnavailable,
  InvalidMessageError,
  MessageTooLargeError,
  type Publication,
  type Receipt,
  UmbelError,
} from "@umbel/protocol";
import type { CallingApplication } from "./application.ts";
import { announced, outgoingOf, withHeadersOf } from "./announce.ts";
import { isSurrounded, within } from "./around.ts";
import { foldArguments, foldFollowers, isLargerThan } from "./fold.ts";
import { withLimits } from "./flow-control.ts";
import { refreshed } from "./unfolded.ts";
import { withinDelay } from "./within-delay.ts";
import { pauseBefore, type PublishRetry } from "./publish-retry.ts";
import { tellSent } from "./sent-events.ts";

/** A publication that the broker will not take, however often it is offered. */
export interface Refusal {
  readonly publication: Publication;
  readonly error: UmbelError;
}

/**
 * Publishes, and repeats under the same ids what may be accepted later. Returns what was refused for good; one that is
 * keeps no other from being sent. Whoever watches is told of them with `isTold: false` only.
 * Throws `BrokerUnavailable` when the broker cannot be reached or goes on refusing for now.
 */
export async function publish(
  app: CallingApplication,
  publications: readonly Publication[],
  { isTold = true }: Pick<Manner, "isTold"> = {},
): Promise<readonly Refusal[]> {
  return await publishBy({ attempt: callApart, retry: {}, isTold }, app, await refreshed(app, publications));
}

/**
 * Publishes for a caller, who is told of a refusal by the error; where the broker refuses a call as a whole nothing of it
 * is sent. `retry` is what the call's options say of repeating it.
 */
export async function publishOrThrow(
  app: CallingApplication,
  publications: readonly Publication[],
  retry: PublishRetry = {},
): Promise<void> {
  const [refusal] = await publishBy({ attempt: call, retry, isWhole: true }, app, publications);
  if (refusal !== undefined) throw refusal.error;
}

/**
 * As {@link publish}, but what is refused for now until the last attempt is returned as well: for whoever comes again anyway.
 */
export async function publishEach(
  app: CallingApplication,
  publications: readonly Publication[],
): Promise<readonly Refusal[]> {
  return await publishBy({ attempt: callApart, retry: {}, isLater: true }, app, publications);
}

/** One attempt at publishing: what was refused, for now or for good. What the broker has had before is added to `known`. */
type Call = (
  app: CallingApplication,
  open: readonly Publication[],
  known: Set<Publication>,
) => Promise<readonly Refusal[]>;

/** How it is done, and how often. */
interface Manner {
  readonly attempt: Call;
  readonly retry: PublishRetry;
  /** What goes on being refused for now is returned with the rest, and not thrown. */
  readonly isLater?: boolean;
  /** Whoever watches has been told that they are sent, or has no need to be. */
  readonly isTold?: boolean;
  /** Nothing is sent where a message among them must not be. */
  readonly isWhole?: boolean;
}

async function publishBy(
  manner: Manner,
  app: CallingApplication,
  publications: readonly Publication[],
): Promise<readonly Refusal[]> {
  if (publications.length === 0) return [];
  if (!isSurrounded(app)) return await send(manner, app, await readied(app, publications, announced));
  const outgoing = new Map(publications.map((each) => [each, outgoingOf(each)]));
  return await within(app, { step: "publish", about: [...outgoing.values()] }, async () => {
    const ready = await readied(app, publications, async (_, each) => {
      const changed = outgoing.get(each);
      return await announced(app, changed === undefined ? each : withHeadersOf(each, changed));
    });
    return await send(manner, app, ready);
  });
}

/** What is to be sent, after everybody has been asked who may change it. */
interface Readied {
  readonly publications: readonly Publication[];
  /** What has been made a message of that nobody could run, or waits for. */
  readonly refused: readonly Refusal[];
}

async function readied(
  app: CallingApplication,
  publications: readonly Publication[],
  announce: typeof announced,
): Promise<Readied> {
  const refused: Refusal[] = [];
  const made = publications.map(async (publication) => {
    try {
      return [await announce(app, publication)];
    } catch (error) {
      if (!(error instanceof InvalidMessageError)) throw error;
      refused.push({ publication, error });
      return [];
    }
  });
  return { publications: (await Promise.all(made)).flat(), refused };
}

async function send(
  manner: Manner,
  app: CallingApplication,
  { publications, refused: spoilt }: Readied,
): Promise<readonly Refusal[]> {
  if (manner.isWhole === true && spoilt.length > 0) return spoilt;
  if (publications.length === 0) return spoilt;
  const ready = publications.map((each) => withLimits(app, withinDelay(app, each)));
  const sent = await foldFollowers(app, ready);
  const sentAt = app.platform.now();
  const known = new Set<Publication>();
  const refusals = await offer({ ...manner, known }, app, sent);
  const refused = new Set(refusals.map((each) => each.publication));
  const accepted = sent.filter((each) => !refused.has(each));
  if (manner.isTold !== true) await tellSent(app, accepted, sentAt);
  for (const each of accepted) {
    const { headers, body } = each.message;
    const told = { headers, body, routingKey: each.queue, deduplicated: known.has(each) };
    await app.signals.afterTaskPublish.send(headers.task, told);
  }
  return [...spoilt, ...refusals];
}

async function offer(
  { attempt, retry, isLater = false, known }: Manner & { readonly known: Set<Publication> },
  app: CallingApplication,
  publications: readonly Publication[],
): Promise<readonly Refusal[]> {
  const lasting: Refusal[] = [];
  let open = publications;
  for (let tries = 1; ; tries += 1) {
    // A later attempt may find what the one before has sent.
    const refused = await attempt(app, open, tries === 1 ? known : new Set());
    lasting.push(...refused.filter((each) => !each.error.transient));
    const passing = refused.filter((each) => each.error.transient);
    const [first] = passing;
    if (first === undefined) return lasting;
    const pause = pauseBefore(tries, app.conf, retry);
    if (pause === undefined && isLater) return [...lasting, ...passing];
    if (pause === undefined) throw first.error;
    open = passing.map((each) => each.publication);
    await app.platform.sleep(pause);
  }
}

/** One call. A call that failed as a whole for now refused everything; one that failed for good throws. */
async function call(
  app: CallingApplication,
  open: readonly Publication[],
  known: Set<Publication>,
): Promise<readonly Refusal[]> {
  try {
    const receipts = await offerOnce(app, open);
    for (const publication of open.filter((_, nth) => isKnown(receipts[nth]))) known.add(publication);
    return open.flatMap((publication, index) => refusalOf(publication, receipts[index]));
  } catch (error) {
    if (error instanceof UmbelError && error.transient) return open.map((publication) => ({ publication, error }));
    throw error;
  }
}

/** One call of the broker; where it takes no message as large as one of them, that one's arguments are kept in the store. */
async function offerOnce(app: CallingApplication, open: readonly Publication[]): Promise<readonly Receipt[]> {
  try {
    return await app.broker.publish(open);
  } catch (error) {
    if (!(error instanceof MessageTooLargeError)) throw error;
    const smaller = await foldArguments(app, open, isLargerThan(app.broker.traits.maxMessageSize));
    if (smaller === undefined) throw error;
    return await app.broker.publish(smaller);
  }
}

/**
 * One call; when that fails for good as a whole, a call for each, to find out which of them it was. Where it was none of them
 * but the caller, that is every one's refusal.
 */
async function callApart(
  app: CallingApplication,
  open: readonly Publication[],
  known: Set<Publication>,
): Promise<readonly Refusal[]> {
  try {
    return await call(app, open, known);
  } catch (error) {
    if (!(error instanceof UmbelError)) throw error;
    if (open.length === 1 || isOfCaller(error)) return open.map((publication) => ({ publication, error }));
    const refusals = await Promise.all(open.map(async (each) => await callApart(app, [each], known)));
    return refusals.flat();
  }
}

function isOfCaller(error: UmbelError): boolean {
  return error instanceof BrokerRejected && error.isOfCaller === true;
}

function isKnown(receipt: Receipt | undefined): boolean {
  return receipt?.accepted === true && receipt.deduplicated;
}

function refusalOf(publication: Publication, receipt: Receipt | undefined): readonly Refusal[] {
  if (receipt?.accepted === true) return [];
  const { task, id } = publication.message.headers;
  const reason = receipt?.reason ?? "the broker did not answer for it";
  const message = `${task}[${id}] was refused for queue "${publication.queue}": ${reason}`;
  const passing = receipt?.transient ?? true;
  return [{ publication, error: passing ? new BrokerUnavailable(message) : new BrokerRejected(message) }];
}
