/**
 * `Upstash-Retry-Delay`: an arithmetic expression over `retried` (qstash.md section 3).
 *
 *     sum     = product { ("+" | "-") product }
 *     product = sign { ("*" | "/") sign }
 *     sign    = { "+" | "-" } value
 *     value   = number | "retried" | function "(" sum { "," sum } ")" | "(" sum ")"
 *
 * It is parsed, never evaluated as code: what is not in this grammar does not exist.
 *
 * @module
 */

/** A parsed expression: its value for so many retries done. The value may be any number, NaN and infinity included. */
export type Expression = (retried: number) => number;

/** Deep nesting would exhaust the stack; nobody writes a delay this long. */
const longest = 1000;

const token = /\s*(?:(\d+(?:\.\d+)?|\.\d+)|([a-z]+)|([-+*/(),]))/iy;

const functions: Readonly<Record<string, { readonly arity: number; readonly apply: (...values: number[]) => number }>> =
  {
    abs: { arity: 1, apply: Math.abs },
    ceil: { arity: 1, apply: Math.ceil },
    exp: { arity: 1, apply: Math.exp },
    floor: { arity: 1, apply: Math.floor },
    max: { arity: 2, apply: Math.max },
    min: { arity: 2, apply: Math.min },
    pow: { arity: 2, apply: Math.pow },
    round: { arity: 1, apply: Math.round },
    sqrt: { arity: 1, apply: Math.sqrt },
  };

/** Parses an expression. Throws `SyntaxError` that says what is wrong, and where. */
export function parseExpression(text: string): Expression {
  if (text.length > longest) throw new SyntaxError(`longer than ${longest} characters`);
  const tokens = tokensOf(text);
  const expression = sum(tokens);
  if (tokens.length > 0) throw unexpected(tokens[0], "an operator");
  return expression;
}

interface Token {
  readonly text: string;
  readonly kind: "number" | "name" | "sign";
  /** First character, counted from 1. */
  readonly at: number;
}

/** The tokens still to be read, first one first. */
type Tokens = Token[];

function tokensOf(text: string): Tokens {
  const tokens: Tokens = [];
  const end = text.trimEnd().length;
  token.lastIndex = 0;
  while (token.lastIndex < end) {
    const start = token.lastIndex;
    const [, number, name, sign] = token.exec(text) ?? [];
    const found = number ?? name ?? sign;
    if (found === undefined)
      throw new SyntaxError(`unknown character in "${text.slice(start, start + 10)}" at ${start + 1}`);
    const kind = number === undefined ? (name === undefined ? "sign" : "name") : "number";
    tokens.push({ text: found, kind, at: token.lastIndex - found.length + 1 });
  }
  return tokens;
}

function sum(tokens: Tokens): Expression {
  let left = product(tokens);
  for (let sign = take(tokens, "+", "-"); sign !== undefined; sign = take(tokens, "+", "-")) {
    left = combine(left, sign, product(tokens));
  }
  return left;
}

function product(tokens: Tokens): Expression {
  let left = signed(tokens);
  for (let sign = take(tokens, "*", "/"); sign !== undefined; sign = take(tokens, "*", "/")) {
    left = combine(left, sign, signed(tokens));
  }
  return left;
}

function combine(left: Expression, sign: string, right: Expression): Expression {
  switch (sign) {
    case "+":
      return (retried) => left(retried) + right(retried);
    case "-":
      return (retried) => left(retried) - right(retried);
    case "*":
      return (retried) => left(retried) * right(retried);
    default:
      return (retried) => left(retried) / right(retried);
  }
}

function signed(tokens: Tokens): Expression {
  const sign = take(tokens, "+", "-");
  if (sign === undefined) return value(tokens);
  const operand = signed(tokens);
  return sign === "-" ? (retried) => -operand(retried) : operand;
}

function value(tokens: Tokens): Expression {
  const next = tokens.shift();
  if (next?.kind === "number") return constant(Number(next.text));
  if (next?.kind === "name") return named(next, tokens);
  if (next?.text !== "(") throw unexpected(next, "a value");
  const inner = sum(tokens);
  expect(tokens, ")");
  return inner;
}

function constant(number: number): Expression {
  return () => number;
}

function named(name: Token, tokens: Tokens): Expression {
  if (name.text === "retried") return (retried) => retried;
  const called = Object.hasOwn(functions, name.text) ? functions[name.text] : undefined;
  if (called === undefined) {
    const known = `retried and ${Object.keys(functions).join(", ")}`;
    throw new SyntaxError(`"${name.text}" at ${name.at} is not known; there are ${known}`);
  }

  expect(tokens, "(");
  const values = [sum(tokens)];
  while (take(tokens, ",") !== undefined) values.push(sum(tokens));
  expect(tokens, ")");
  if (values.length !== called.arity) {
    throw new SyntaxError(`${name.text} at ${name.at} takes ${called.arity}, not ${values.length}`);
  }
  return (retried) => called.apply(...values.map((each) => each(retried)));
}

function take(tokens: Tokens, ...signs: readonly string[]): string | undefined {
  const next = tokens[0];
  return next !== undefined && signs.includes(next.text) ? tokens.shift()?.text : undefined;
}

function expect(tokens: Tokens, sign: string): void {
  if (take(tokens, sign) === undefined) throw unexpected(tokens[0], `"${sign}"`);
}

function unexpected(next: Token | undefined, wanted: string): SyntaxError {
  const found = next === undefined ? "the end" : `"${next.text}" at ${next.at}`;
  return new SyntaxError(`${wanted} was expected, not ${found}`);
}
