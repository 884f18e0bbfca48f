/**
 * Finds regexps in sources, and says of each what in it could make it go back and forth: a rule of its structure, for what
 * a clock says of one text proves nothing of another.
 *
 * A regexp takes a time in proportion to its text when no part without an end stands inside another (`(a+)+`), none follows
 * another that takes the same characters (`\d*\.?\d*`), and none that may fail after it is tried from every place of the text
 * anew (`\s+$` without an anchor). What is bounded (`\d{1,5}`) only counts in as far as it is long.
 *
 * @module
 */

/** A part of a regexp, and how often it may come. */
interface Piece {
  /** As it is written, without its quantifier. */
  readonly text: string;
  /** Sequences in it that exclude each other; none when it is no group. */
  readonly inner: readonly (readonly Piece[])[];
  readonly isEndless: boolean;
  /** It may be missing, or takes no character at all. */
  readonly isOptional: boolean;
}

const literal =
  /(?<=(?:[=(,:?![&|]|return|^)\s*)\/(?![*/])((?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+)\/([dgimsuvy]*)/gm;

/** The literals of a TypeScript source, comments left out. */
export function regexpsIn(source: string): readonly RegExp[] {
  const code = source.replaceAll(/^\s*(?:\/?\*|\/\/).*$/gm, "");
  return [...code.matchAll(literal)].map(([, text = "", flags]) => new RegExp(text, flags));
}

/** What is wrong with a regexp, a sentence each. */
export function flawsOf(regexp: RegExp): readonly string[] {
  const { pieces } = read(regexp.source, 0);
  const flags = regexp.flags.replaceAll(/[gy]/g, "");
  const paths = pieces.flatMap(pathsOf);
  const flaws = [
    ...pieces.flatMap(repeated).map(({ text }) => `${text} repeats what repeats`),
    ...paths.flatMap((path) => path.flatMap((each, index) => rivalsOf(each, path.slice(index + 1), flags))),
    ...(regexp.sticky ? [] : paths.flatMap((path) => restarts(path, flags))),
  ];
  return [...new Set(flaws)];
}

/** Sequences that exclude each other, up to the end or a closing parenthesis. */
function read(text: string, from: number): { readonly pieces: readonly (readonly Piece[])[]; readonly end: number } {
  const pieces: Piece[][] = [[]];
  let at = from;
  while (at < text.length && text[at] !== ")") {
    if (text[at] === "|") {
      pieces.push([]);
      at += 1;
    } else {
      const { piece, end } = readPiece(text, at);
      pieces.at(-1)?.push(piece);
      at = end;
    }
  }
  return { pieces, end: at };
}

function readPiece(text: string, start: number): { readonly piece: Piece; readonly end: number } {
  const opening = matchAt(/\((?:\?(?:<(?![=!])\w+>|:|<?[=!]))?/y, text, start);
  const group = opening === "" ? undefined : read(text, start + opening.length);
  const end = group === undefined ? start + matchAt(atom, text, start).length : group.end + 1;
  const own = text.slice(start, end);
  const quantifier = matchAt(/(?:[*+?]|\{\d+(?:,\d*)?\})\??/y, text, end);
  const piece = {
    text: own,
    inner: group?.pieces ?? [],
    isEndless: /^(?:[*+]|\{\d+,\})/.test(quantifier),
    isOptional: /^(?:[*?]|\{0)/.test(quantifier) || /^(?:\(\?<?[=!]|[\^$]$|\\b$)/.test(own),
  };
  return { piece, end: end + quantifier.length };
}

/** A character, a class, an escape. */
const atom = /\\[pP]\{[^}]*\}|\\x[\da-f]{2}|\\u[\da-f]{4}|\\.|\[(?:\\.|[^\]\\])*\]|./isy;

function matchAt(sticky: RegExp, text: string, at: number): string {
  sticky.lastIndex = at;
  return sticky.exec(text)?.[0] ?? "";
}

/** Parts without an end that stand in one another. */
function repeated(sequence: readonly Piece[]): readonly Piece[] {
  return sequence.flatMap((each) => [
    ...(each.isEndless && hasEndless(each.inner) ? [each] : []),
    ...each.inner.flatMap(repeated),
  ]);
}

function hasEndless(sequences: readonly (readonly Piece[])[]): boolean {
  return sequences.flat().some(({ isEndless, inner }) => isEndless || hasEndless(inner));
}

/** Every way through a sequence, without groups: through one that may be missing, and past it. */
function pathsOf(sequence: readonly Piece[]): readonly (readonly Piece[])[] {
  return sequence.reduce<readonly (readonly Piece[])[]>(
    (paths, piece) => {
      const ways = piece.inner.length === 0 ? [[piece]] : piece.inner.flatMap(pathsOf);
      const all = piece.inner.length > 0 && piece.isOptional ? [[], ...ways] : ways;
      return paths.flatMap((path) => all.map((way) => path.concat(way)));
    },
    [[]],
  );
}

/** The endless parts that can take what an endless one before them has given back. */
function rivalsOf(first: Piece, following: readonly Piece[], flags: string): readonly string[] {
  const end = following.findIndex((each) => !each.isOptional && !areRivals(first, each, flags));
  return following
    .slice(0, end === -1 ? following.length : end)
    .filter((each) => first.isEndless && each.isEndless && areRivals(first, each, flags))
    .map(({ text }) => `${first.text} and ${text} take the same characters`);
}

function areRivals(one: Piece, other: Piece, flags: string): boolean {
  const [first, second] = [one, other].map(({ text }) => new RegExp(`^${text}$`, flags));
  return samples.some((each) => first?.test(each) === true && second?.test(each) === true);
}

const samples = [...Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)), "\u20ac", "\u2028", "\ud800"];

/**
 * A way that is tried from every place, and may fail after it has taken much from each. It has not when it begins
 * with a character at which every endless part of it ends.
 */
function restarts(path: readonly Piece[], flags: string): readonly string[] {
  const [first] = path;
  const last = path.findLastIndex((each) => each.isEndless);
  if (first === undefined || last === -1 || first.text === "^") return [];
  if (!path.slice(last + 1).some(({ text, isOptional }) => !isOptional || text === "$")) return [];
  const isParted = !first.isOptional && path.every((each) => !each.isEndless || !areRivals(first, each, flags));
  return isParted ? [] : [`${path.map(({ text }) => text).join("")} begins anywhere, and may fail late`];
}
