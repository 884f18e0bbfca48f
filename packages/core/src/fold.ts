/**
 * Puts what is too long for a message into the store, and a reference in its place (delivery.md 4).
 *
 * What follows a call is folded when it is longer than a few kilobytes. The rest of a chain is kept in parts: a message has
 * the next steps, and a reference to the others, of which a worker reads one part when it has come to it. A chord's body is
 * kept once for all members, callbacks once for all that have the same. So a message is short, whatever the canvas, and all
 * messages of a canvas together are as long as it has calls. Arguments are folded when the broker takes no more.
 *
 * @module
 */

import { endOf, listOf, optionsOfRest } from "@umbel/canvas";
import {
  encodePush,
  MessageTooLargeError,
  type Publication,
  referenceIn,
  referring,
  type Signature,
  type SignatureOptions,
  type TaskEmbed,
  type TaskMessage,
  writeJson,
} from "@umbel/protocol";
import type { CallingApplication } from "./application.ts";
import { childId } from "./identity.ts";
import { guardName } from "./guard-name.ts";
import { followersIn, referencesIn } from "./references.ts";
import { openShelf, type Shelf } from "./shelf.ts";

/** Most characters of a part of a chain, of a chord's body, of a list of callbacks, that a message itself has. */
const mostInline = 4096;

/** Most characters of a chain before it is taken apart. It is more than a part, so that what was read is not folded again. */
const mostOfChain = 1.5 * mostInline;

/** What is folded together. */
interface Folding {
  readonly shelf: Shelf;
  /** Root of the canvas. */
  readonly root: string;
  /** Bodies that all members of a header have in common. */
  readonly bodies: Map<Signature, Signature>;
}

/**
 * Publications whose messages are short, but for their arguments; as they are where the store does not take what would be
 * taken out of them. Throws `BackendUnavailable`.
 */
export async function foldFollowers(
  app: CallingApplication,
  publications: readonly Publication[],
): Promise<readonly Publication[]> {
  if (!mayRefer(app) || !publications.some(hasFollowers)) return publications;
  try {
    return await folded(app, publications, (message, folding) => {
      const [args, kwargs, embed] = message.body;
      return embed === null ? message : { ...message, body: [args, kwargs, foldEmbed(folding, embed)] };
    });
  } catch (error) {
    if (error instanceof MessageTooLargeError) return publications;
    throw error;
  }
}

/**
 * Publications of which the large ones refer to their arguments; undefined when none can. Throws `BackendUnavailable`, and
 * `MessageTooLargeError` for what is too large for the store as well.
 */
export async function foldArguments(
  app: CallingApplication,
  publications: readonly Publication[],
  isLarge: (message: TaskMessage) => boolean,
): Promise<readonly Publication[] | undefined> {
  const large = new Set(
    publications.map(({ message }) => message).filter((each) => hasArguments(each) && isLarge(each)),
  );
  if (!mayRefer(app) || large.size === 0) return undefined;
  try {
    return await folded(app, publications, (message, { shelf, root }) => {
      if (!large.has(message)) return message;
      const [args, kwargs, embed] = message.body;
      const given = shelf.put(root, [writeJson([args, kwargs])], shelf.until);
      return { ...message, body: [[], {}, { ...embed, given }] };
    });
  } catch (error) {
    throw error instanceof MessageTooLargeError ? tooLarge(app, large, error) : error;
  }
}

/** Tells of the largest: the store does not say which it was. */
function tooLarge(
  { broker: { traits } }: CallingApplication,
  messages: Iterable<TaskMessage>,
  cause: Error,
): MessageTooLargeError {
  const sizes = [...messages].map(({ headers: { task, id }, body: [args, kwargs] }) => ({
    call: `${task}[${id}]`,
    size: bytesOf(writeJson([args, kwargs])),
  }));
  const [first] = sizes.toSorted((one, other) => other.size - one.size);
  const most = `for the broker (${traits.maxMessageSize}) and for the store`;
  const what = `The arguments of ${first?.call} have ${first?.size} bytes`;
  return new MessageTooLargeError(`${what}, too many ${most}: ${cause.message}`, { cause });
}

/** Whether a message has more bytes than a broker takes. */
export function isLargerThan(most: number): (message: TaskMessage) => boolean {
  return (message) => bytesOf(encodePush(message)) > most;
}

function bytesOf(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** Whether a message's arguments are longer than what is kept in messages of what follows a call. */
export function hasLongArguments({ body: [args, kwargs] }: TaskMessage): boolean {
  return writeJson([args, kwargs]).length > mostInline;
}

/**
 * Whether what messages say may be kept elsewhere: somebody has to keep it. All targets are workers of ours, that can read
 * it; a target that is not would have to be excepted here.
 */
function mayRefer({ hasBackend }: CallingApplication): boolean {
  return hasBackend;
}

function hasFollowers({ message: { body } }: Publication): boolean {
  return followersIn(body[2]).length > 0;
}

/** A guard is read before anything is claimed, so what it carries cannot be kept elsewhere. */
function hasArguments({ headers, body: [args, kwargs] }: TaskMessage): boolean {
  return headers.task !== guardName && (args.length > 0 || Object.keys(kwargs).length > 0);
}

async function folded(
  app: CallingApplication,
  publications: readonly Publication[],
  fold: (message: TaskMessage, folding: Folding) => TaskMessage,
): Promise<readonly Publication[]> {
  const shelf = openShelf(app, publications);
  const foldings = new Map<string, Folding>();
  const made = publications.map(({ message, ...where }) => ({ ...where, message: fold(message, foldingOf(message)) }));
  await shelf.save();
  return made;

  function foldingOf({ headers }: TaskMessage): Folding {
    const root = headers.root_id ?? headers.id;
    const known = foldings.get(root) ?? { shelf, root, bodies: new Map() };
    foldings.set(root, known);
    return known;
  }
}

function foldEmbed(folding: Folding, embed: TaskEmbed): TaskEmbed {
  const { callbacks, errbacks, chain, chord } = embed;
  return {
    ...embed,
    ...(isSome(callbacks) ? { callbacks: foldLinked(folding, callbacks) } : {}),
    ...(isSome(errbacks) ? { errbacks: foldLinked(folding, errbacks) } : {}),
    ...(isSome(chain) ? { chain: foldChain(folding, chain) } : {}),
    ...(isSome(chord) ? { chord: foldBody(folding, chord) } : {}),
  };
}

/** A signature whose followers are short. */
function foldOptions(folding: Folding, signature: Signature): Signature {
  const { link, link_error: linkError, chain, chord } = signature.options;
  if (![link, linkError, chain, chord].some(isSome)) return signature;
  const options = {
    ...signature.options,
    ...(isSome(link) ? { link: foldLinked(folding, listOf(link)) } : {}),
    ...(isSome(linkError) ? { link_error: foldLinked(folding, listOf(linkError)) } : {}),
    ...(isSome(chain) ? { chain: foldChain(folding, chain) } : {}),
    ...(isSome(chord) ? { chord: foldBody(folding, chord) } : {}),
  };
  return { ...signature, options };
}

function isSome<Value>(list: Value | null | undefined): list is Value {
  return list !== null && list !== undefined && (!Array.isArray(list) || list.length > 0);
}

function foldLinked(folding: Folding, linked: readonly Signature[]): readonly Signature[] {
  const lean = linked.map((each) => foldOptions(folding, each));
  return writeJson(lean).length <= mostInline ? lean : [refer(folding, [lean], {})];
}

function foldBody(folding: Folding, body: Signature): Signature {
  const { bodies } = folding;
  const known = bodies.get(body) ?? foldNewBody(folding, body);
  bodies.set(body, known);
  return known;
}

function foldNewBody(folding: Folding, body: Signature): Signature {
  const lean = foldOptions(folding, body);
  if (referenceIn(lean) !== undefined || writeJson(lean).length <= mostInline) return lean;
  const { chord_size: size, on_error: onError } = body.options;
  const joining = { ...(isSome(size) ? { chord_size: size } : {}), ...(isSome(onError) ? { on_error: onError } : {}) };
  return refer(folding, [[lean]], { ...joining, ...endOf(lean) });
}

/** A chain is reversed: what is next stands last. What stands for its end already stays where it is. */
function foldChain(folding: Folding, chain: readonly Signature[]): readonly Signature[] {
  const lean = chain.map((each) => foldOptions(folding, each));
  const sizes = lean.map((each) => (referenceIn(each) === undefined ? writeJson(each).length : 0));
  if (sizes.reduce((sum, each) => sum + each, 0) <= mostOfChain) return lean;
  const start = sizes[0] === 0 ? 1 : 0;
  const [inline = [], ...parts] = partsOf(lean.slice(start), sizes.slice(start));
  const [last] = parts.at(-1) ?? [];
  if (last === undefined) return lean;
  const rest = start === 0 ? optionsOfRest(lean, childId) : {};
  return [...lean.slice(0, start), refer(folding, parts, { ...endOf(last), ...rest }), ...inline];
}

/** Parts of a chain, what is next first. One that is too long by itself is a part of its own, and none is inline. */
function partsOf(chain: readonly Signature[], sizes: readonly number[]): readonly (readonly Signature[])[] {
  const parts: Signature[][] = [[]];
  let length = 0;
  for (const [index, each] of [...chain.entries()].toReversed()) {
    const size = sizes[index] ?? 0;
    length += size;
    if (length > mostInline) {
      parts.push([]);
      length = size;
    }
    parts.at(-1)?.unshift(each);
  }
  return parts;
}

/** A signature that stands for these lists. */
function refer(
  { shelf, root }: Folding,
  lists: readonly (readonly Signature[])[],
  options: SignatureOptions,
): Signature {
  const until = Math.min(shelf.until, ...referencesIn(lists.flat()).map((each) => each.until));
  return referring(shelf.put(root, lists.map(writeJson), until), options);
}
