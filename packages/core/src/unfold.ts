/**
 * Puts what was read in the place of references: the opposite of fold.ts.
 *
 * @module
 */

import { clone, listOf } from "@umbel/canvas";
import { referenceIn, referring, type Signature, type TaskEmbed, type TaskMessage } from "@umbel/protocol";
import { referencesIn } from "./references.ts";
import { argumentsIn, type Reader, signaturesIn } from "./stored-texts.ts";

/** A message with its arguments, its callbacks and errbacks, and the next steps of its chain. */
export function unfoldToRun(reader: Reader, message: TaskMessage): TaskMessage {
  const [args, kwargs, embed] = unfoldArguments(reader, message).body;
  const { callbacks, errbacks, chain } = embed ?? {};
  const read = {
    ...(callbacks ? { callbacks: unfoldLinked(reader, callbacks) } : {}),
    ...(errbacks ? { errbacks: unfoldLinked(reader, errbacks) } : {}),
    ...(chain ? { chain: unfoldNext(reader, chain) } : {}),
  };
  return { ...message, body: [args, kwargs, { ...embed, ...read }] };
}

/** A message with its arguments; as it is when they are gone. */
export function unfoldArguments(reader: Reader, message: TaskMessage): TaskMessage {
  const { given, ...embed } = message.body[2] ?? {};
  const [args, kwargs] = (given && argumentsIn(reader, given)) ?? [];
  return args === undefined || kwargs === undefined ? message : { ...message, body: [args, kwargs, embed] };
}

/** What is linked; without what is gone, for nobody knows what it was. */
function unfoldLinked(reader: Reader, linked: readonly Signature[]): readonly Signature[] {
  return linked.flatMap((each) => (referenceIn(each) === undefined ? [each] : (signaturesIn(reader, each) ?? [])));
}

/** A chain, reversed as it travels, with what is next in it. Of what is referred to only the first part is read. */
function unfoldNext(reader: Reader, chain: readonly Signature[]): readonly Signature[] {
  const [next] = chain.slice(-1);
  const reference = next && referenceIn(next);
  if (next === undefined || reference === undefined) return chain;
  const behind = reference.at + 1;
  const part = signaturesIn(reader, referring({ ...reference, of: behind }, {}));
  if (part === undefined) return chain;
  const rest = behind < reference.of ? [referring({ ...reference, at: behind }, next.options)] : [];
  return unfoldNext(reader, [...chain.slice(0, -1), ...rest, ...part]);
}

/** Signatures with everything that is referred to, at any depth. */
export function unfoldAll(reader: Reader, signatures: readonly Signature[]): readonly Signature[] {
  return signatures.flatMap((each) => {
    if (referenceIn(each) === undefined) return [unfoldOptions(reader, each)];
    const read = unfoldBody(reader, each);
    return read === undefined ? [each] : unfoldAll(reader, read);
  });
}

/** What a signature refers to, with what was said of it since: a chord's size may have grown. */
export function unfoldBody(reader: Reader, signature: Signature): readonly Signature[] | undefined {
  const { chord_size: size = null, on_error: onError = null } = signature.options;
  const options = { chord_size: size, on_error: onError };
  return signaturesIn(reader, signature)?.map((each) => clone(each, { options }));
}

/** Everything that follows a call, with everything that is referred to. */
export function unfoldEmbed(reader: Reader, { callbacks, errbacks, chain, chord, ...others }: TaskEmbed): TaskEmbed {
  return {
    ...others,
    ...(callbacks ? { callbacks: unfoldAll(reader, callbacks) } : {}),
    ...(errbacks ? { errbacks: unfoldAll(reader, errbacks) } : {}),
    ...(chain ? { chain: unfoldAll(reader, chain) } : {}),
    ...(chord ? { chord: unfoldAll(reader, [chord])[0] ?? chord } : {}),
  };
}

function unfoldOptions(reader: Reader, signature: Signature): Signature {
  const { link, link_error: linkError, chain, chord } = signature.options;
  if (referencesIn([signature]).length === 0) return signature;
  const options = {
    ...signature.options,
    ...(link ? { link: unfoldAll(reader, listOf(link)) } : {}),
    ...(linkError ? { link_error: unfoldAll(reader, listOf(linkError)) } : {}),
    ...(chain ? { chain: unfoldAll(reader, chain) } : {}),
    ...(chord ? { chord: unfoldAll(reader, [chord])[0] ?? chord } : {}),
  };
  return { ...signature, options };
}
