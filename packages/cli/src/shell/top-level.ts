/**
 * What of a text of JavaScript stands at its top level: found by reading over strings, comments and brackets.
 *
 * It is no parser: what it takes for a regular expression follows from the character before it. What it gets wrong, the
 * runtime then refuses as it refuses any slip.
 *
 * @module
 */

/** A text without what is inside of something. */
export interface TopLevel {
  /** As long as the text; everything in strings, comments and brackets is blank. */
  readonly mask: string;
  /** Whether a bracket, a template or a comment is open at its end: more is to come. */
  readonly isOpen: boolean;
}

/** What stands inside, and is read over as a whole; each pattern also fits what has no end yet. */
const wholes: readonly RegExp[] = [
  /\/\/.*/y,
  /\/\*[^]*?(?:\*\/|$)/y,
  /'(?:\\[^]|[^'\\\n])*'?/y,
  /"(?:\\[^]|[^"\\\n])*"?/y,
];
const regularExpression = /\/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/[a-z]*/y;
/** Where a slash divides nothing. */
const beforeExpression = /(?:^|[(,=:[!&|?{};+\-*%<>~^\n]|\b(?:return|typeof|await|case|in|of|void|new|delete))\s*$/;

/** Reads a text. */
export function topLevel(code: string): TopLevel {
  const open: string[] = [];
  let mask = "";
  let isOpen = false;
  while (mask.length < code.length) {
    const at = mask.length;
    const whole = open.at(-1) === "`" ? undefined : wholeAt(code, mask);
    if (whole !== undefined) {
      isOpen = whole.startsWith("/*") && !/^\/\*[^]*\*\/$/.test(whole);
      mask += " ".repeat(whole.length);
    } else mask += step(code, at, open);
  }
  return { mask, isOpen: isOpen || open.length > 0 };
}

function wholeAt(code: string, mask: string): string | undefined {
  const at = mask.length;
  const patterns = beforeExpression.test(code.slice(Math.max(0, at - 20), at))
    ? [...wholes, regularExpression]
    : wholes;
  for (const pattern of patterns) {
    pattern.lastIndex = at;
    const [whole] = pattern.exec(code) ?? [];
    if (whole !== undefined) return whole;
  }
  return undefined;
}

const closing: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}", "${": "}" };

/** One step outside of wholes: what is to be seen of it. `open` are the brackets and templates around it. */
function step(code: string, at: number, open: string[]): string {
  const character = code.charAt(at);
  const around = open.at(-1);
  const isOutside = open.length === 0;
  if (around === "`") return stepInTemplate(code, at, open);
  if (character === "`" || character in closing) {
    open.push(character);
    return isOutside ? character : " ";
  }
  if (around !== undefined && character === closing[around]) {
    open.pop();
    return open.length === 0 ? character : " ";
  }
  return isOutside ? character : " ";
}

function stepInTemplate(code: string, at: number, open: string[]): string {
  if (code[at] === "\\") return "  ".slice(0, code.length - at);
  if (code.startsWith("${", at)) {
    open.push("${");
    return "  ";
  }
  if (code[at] === "`") open.pop();
  return " ";
}
