/**
 * Redis's patterns, for KEYS, SCAN and PSUBSCRIBE: `*`, `?`, `[abc]`, `[^a-z]`, and `\` before a character meant as itself.
 *
 * Works on bytes, as Redis does, in time proportional to pattern times text at worst: a pattern comes from outside.
 *
 * @module
 */

const star = 0x2a;
const question = 0x3f;
const open = 0x5b;
const close = 0x5d;
const caret = 0x5e;
const dash = 0x2d;
const escape = 0x5c;

/** What one element of a pattern accepts: any run of bytes, or one byte of a kind. */
type Element = "run" | ((byte: number) => boolean);

/** Compiles a pattern. */
export function glob(pattern: Buffer): (text: Buffer) => boolean {
  const elements = parse(pattern);
  return (text) => matches(elements, text);
}

function parse(pattern: Buffer): readonly Element[] {
  const elements: Element[] = [];
  let at = 0;
  while (at < pattern.length) {
    const { element, next } = elementAt(pattern, at);
    // Two runs in a row are one.
    if (element !== "run" || elements.at(-1) !== "run") elements.push(element);
    at = next;
  }
  return elements;
}

function elementAt(pattern: Buffer, at: number): { element: Element; next: number } {
  const byte = pattern[at];
  if (byte === star) return { element: "run", next: at + 1 };
  if (byte === question) return { element: () => true, next: at + 1 };
  if (byte === open) return classAt(pattern, at + 1);
  if (byte === escape && at + 1 < pattern.length) return { element: equals(pattern[at + 1]), next: at + 2 };
  return { element: equals(byte), next: at + 1 };
}

function equals(expected: number | undefined): Element {
  return (byte) => byte === expected;
}

/** A class that nobody closes ends with the pattern, as in Redis. */
function classAt(pattern: Buffer, start: number): { element: Element; next: number } {
  const negated = pattern[start] === caret;
  const ranges: { low: number; high: number }[] = [];
  let at = negated ? start + 1 : start;
  while (at < pattern.length && pattern[at] !== close) {
    const { low, high, next } = rangeAt(pattern, at);
    ranges.push({ low: Math.min(low, high), high: Math.max(low, high) });
    at = next;
  }
  const element: Element = (byte) => ranges.some(({ low, high }) => low <= byte && byte <= high) !== negated;
  return { element, next: at + 1 };
}

function rangeAt(pattern: Buffer, at: number): { low: number; high: number; next: number } {
  const first = pattern[at] ?? 0;
  const escaped = pattern[at + 1];
  if (first === escape && escaped !== undefined) return { low: escaped, high: escaped, next: at + 2 };

  const last = pattern[at + 2];
  if (escaped === dash && last !== undefined) return { low: first, high: last, next: at + 3 };
  return { low: first, high: first, next: at + 1 };
}

/** On a mismatch only the latest run is made longer: earlier ones cannot help any more. */
function matches(elements: readonly Element[], text: Buffer): boolean {
  let element = 0;
  let at = 0;
  let retry: { element: number; at: number } | undefined;
  while (at < text.length) {
    const current = elements[element];
    if (current === "run") {
      element += 1;
      retry = { element, at };
    } else if (current?.(text[at] ?? 0)) {
      element += 1;
      at += 1;
    } else if (retry) {
      retry = { element: retry.element, at: retry.at + 1 };
      ({ element, at } = retry);
    } else {
      return false;
    }
  }
  return elements.slice(element).every((rest) => rest === "run");
}
