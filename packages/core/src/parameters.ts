/**
 * What can be known of a body's parameters while it runs: how many there are, how many of them must be given.
 *
 * How many must be given is what the task declares in `params`: a parameter that its types let a caller leave out, `y?`,
 * looks to the runtime like any other. How many there are at all is in the function's text, and is believed only where
 * that is plain; else any number passes. A text that a minifier has written is as good.
 *
 * @module
 */

/** Any body. */
export type Body = (...args: never[]) => unknown;

/** What a task says of its body's parameters. */
export interface ParametersGiven {
  /** Their names in order, when the task has them declared; one that may be left out ends in `?`. */
  readonly params?: readonly string[] | undefined;
  /** The first is the running call. */
  readonly bind?: boolean | undefined;
  /** The last is for what is given by name. */
  readonly hasNamed?: boolean | undefined;
}

/** A body's parameters by place, without the running call and what is given by name. */
export interface Parameters {
  readonly names: readonly string[];
  /** So many must be given. */
  readonly required: number;
  /** No more than so many may be; undefined: nobody knows. */
  readonly most: number | undefined;
  /** The object of what is given by name comes after so many. */
  readonly places: number;
}

/** Reads a body's parameters. */
export function parametersOf(body: Body, { params = [], bind = false, hasNamed = false }: ParametersGiven): Parameters {
  const written = writtenIn(body);
  const others = Number(bind) + Number(hasNamed);
  const most = written === undefined ? undefined : Math.max(0, written - others);
  // A default ends what a function's length counts: the last parameter is then not among them.
  const counted = Math.max(0, body.length - Number(bind) - Number(hasNamed && written === body.length));
  const required = Math.min(counted, params.filter((each) => !each.endsWith("?")).length);
  const places = params.length > 0 ? params.length : (most ?? Math.max(0, body.length - others));
  const names = params.map((each) => each.replace(/\?$/, ""));
  return { names, required, most: most === undefined ? undefined : Math.max(most, params.length), places };
}

/**
 * Throws `TypeError`, in Python's words, when a body does not take these arguments. One that is absent from the list (a
 * hole) was neither given by place nor by name.
 */
export function checkCount(task: string, { names, required, most }: Parameters, args: readonly unknown[]): void {
  if (most !== undefined && args.length > most) throw new TypeError(tooMany(task, { required, most }, args.length));
  const open = Array.from({ length: required }, (_, place) => place).filter((place) => !(place in args));
  if (open.length === 0) return;
  const what = listed(open.map((place) => `'${names[place] ?? place}'`));
  throw new TypeError(`${task}() missing ${open.length} required positional ${plural(open.length)}: ${what}`);
}

/** How many parameters a function has, when its text is plain enough to tell. */
function writtenIn(body: Body): number | undefined {
  const text = Function.prototype.toString.call(body);
  if (/^(?:async\s+)?[\w$]+\s*=>/.test(text)) return 1;
  const list = /^(?:async\b\s*)?(?:function\b\s*)?[\w$]*\s*\(([^()]*)\)/.exec(text)?.[1];
  if (list === undefined || (!/^[^{]*=>/s.test(text) && /\barguments\b/.test(text))) return undefined;
  const plain = list.replaceAll(/\{[^{}"'`]*\}|\[[^[\]"'`]*\]/g, "_").replace(/,\s*$/, "");
  const parameters = plain.trim() === "" ? [] : plain.split(",");
  const isPlain = parameters.every((each) => /^\s*[\w$]+\s*(?:=[\w$.\s"'-]*)?$/.test(each));
  return isPlain && parameters.length >= body.length ? parameters.length : undefined;
}

function tooMany(task: string, { required, most }: { required: number; most: number }, given: number): string {
  const takes = required === most || required === 0 ? String(most) : `from ${required} to ${most}`;
  return `${task}() takes ${takes} positional ${plural(most)} but ${given} ${given === 1 ? "was" : "were"} given`;
}

function plural(count: number): string {
  return count === 1 ? "argument" : "arguments";
}

/** `'x'`, `'x' and 'y'`, `'x', 'y', and 'z'`, as Python lists them. */
function listed(names: readonly string[]): string {
  if (names.length < 3) return names.join(" and ");
  return `${names.slice(0, -1).join(", ")}, and ${names.at(-1) ?? ""}`;
}
