/**
 * Commands on strings, counters among them: a counter is the text of a 64-bit integer.
 *
 * @module
 */

import { CommandError, type Reply } from "../engine.ts";
import { added, bigintOf, optionsOf, pairsOf, syntaxError } from "./arguments.ts";
import { atLeast, type CommandTable, exactly, ok, wrongNumberOfArguments } from "./command-table.ts";
import { chosenDeadline, deadlineOptions } from "./deadline.ts";
import type { Keyspace } from "./keyspace.ts";

/** The commands on strings. */
export function stringCommands(keyspace: Keyspace): CommandTable {
  const strings = openStrings(keyspace);

  return {
    get: exactly(1, ([key]) => strings.get(key) ?? null),
    getdel: exactly(1, ([key]) => getAndDelete(strings, key)),
    getex: atLeast(1, ([key, ...options]) => getAndExpire(strings, key, options)),
    mget: atLeast(1, (keys) => keys.map((key) => (strings.isString(key) ? (strings.get(key) ?? null) : null))),
    strlen: exactly(1, ([key]) => strings.get(key)?.length ?? 0),
    set: atLeast(2, ([key, value, ...options]) => set(strings, [key, value], options)),
    setnx: exactly(2, ([key, value]) => setIfAbsent(strings, key, value)),
    setex: exactly(3, ([key, seconds, value]) => setFor(strings, [key, value], { EX: seconds })),
    psetex: exactly(3, ([key, milliseconds, value]) => setFor(strings, [key, value], { PX: milliseconds })),
    mset: atLeast(2, (args) => setAll(strings, args)),
    append: exactly(2, ([key, value]) => append(strings, key, value)),
    incr: exactly(1, ([key]) => increment(strings, key, 1n)),
    decr: exactly(1, ([key]) => increment(strings, key, -1n)),
    incrby: exactly(2, ([key, by]) => increment(strings, key, bigintOf(by))),
    decrby: exactly(2, ([key, by]) => increment(strings, key, negated(bigintOf(by)))),
  };
}

/** Strings by key; where nothing else is said a key of another type is WRONGTYPE. */
interface Strings {
  readonly keyspace: Keyspace;
  get(key: Buffer): Buffer | undefined;
  isString(key: Buffer): boolean;
  /** Stores over whatever is there; `expires` in milliseconds since 1970. */
  put(key: Buffer, value: Buffer, expires?: number): void;
  /** Stores and leaves the key's life as it is. */
  replace(key: Buffer, value: Buffer): void;
}

function openStrings(keyspace: Keyspace): Strings {
  return {
    keyspace,
    get(key) {
      const entry = keyspace.expect(key, "string");
      return entry && (entry.value ?? Buffer.alloc(0));
    },
    isString: (key) => keyspace.find(key)?.type === "string",
    put(key, value, expires) {
      const before = keyspace.find(key);
      if (before && before.type !== "string") keyspace.remove(before);
      keyspace.change(keyspace.ensure(key, "string"), { value, expires });
    },
    replace: (key, value) => void keyspace.change(keyspace.ensure(key, "string"), { value }),
  };
}

const setOptions = { flags: ["NX", "XX", "KEEPTTL", "GET"], values: deadlineOptions };

function set(strings: Strings, [key, value]: readonly [Buffer, Buffer], args: readonly Buffer[]): Reply {
  const options = optionsOf(args, setOptions);
  refuseContradictions(options);
  const deadline = chosenDeadline(options, { command: "set", now: strings.keyspace.now() });

  const before = options.has("GET") ? strings.get(key) : undefined;
  const present = strings.keyspace.find(key);
  const wanted = !options.has(present ? "NX" : "XX");
  if (wanted) strings.put(key, value, options.has("KEEPTTL") ? present?.expires : deadline);
  return wanted && !options.has("GET") ? ok : (before ?? null);
}

function refuseContradictions(options: ReadonlyMap<string, Buffer>): void {
  if (options.has("NX") && options.has("XX")) throw syntaxError();
  if (options.has("KEEPTTL") && deadlineOptions.some((option) => options.has(option))) throw syntaxError();
}

function setIfAbsent(strings: Strings, key: Buffer, value: Buffer): Reply {
  if (strings.keyspace.find(key)) return 0;
  strings.put(key, value);
  return 1;
}

function setFor(
  strings: Strings,
  [key, value]: readonly [Buffer, Buffer],
  lifetime: Readonly<Partial<Record<"EX" | "PX", Buffer>>>,
): Reply {
  const command = lifetime.EX ? "setex" : "psetex";
  strings.put(key, value, chosenDeadline(new Map(Object.entries(lifetime)), { command, now: strings.keyspace.now() }));
  return ok;
}

function setAll(strings: Strings, args: readonly Buffer[]): Reply {
  const pairs = pairsOf(args);
  if (!pairs) throw wrongNumberOfArguments("mset");
  for (const [key, value] of pairs) strings.put(key, value);
  return ok;
}

function getAndDelete(strings: Strings, key: Buffer): Reply {
  const value = strings.get(key);
  const entry = strings.keyspace.find(key);
  if (entry) strings.keyspace.remove(entry);
  return value ?? null;
}

function getAndExpire(strings: Strings, key: Buffer, args: readonly Buffer[]): Reply {
  const options = optionsOf(args, { flags: ["PERSIST"], values: deadlineOptions });
  if (options.size > 1) throw syntaxError();
  const value = strings.get(key);
  const entry = strings.keyspace.find(key);
  if (!entry || !value) return null;

  const deadline = chosenDeadline(options, { command: "getex", now: strings.keyspace.now() });
  if (options.size > 0) strings.keyspace.change(entry, { expires: deadline });
  return value;
}

function append(strings: Strings, key: Buffer, value: Buffer): Reply {
  const whole = Buffer.concat([strings.get(key) ?? Buffer.alloc(0), value]);
  strings.replace(key, whole);
  return whole.length;
}

function increment(strings: Strings, key: Buffer, by: bigint): Reply {
  const value = added(bigintOf(strings.get(key) ?? Buffer.from("0")), by);
  strings.replace(key, Buffer.from(String(value)));
  return value;
}

/** The smallest integer has no counterpart: Redis refuses it. */
function negated(by: bigint): bigint {
  if (by === -(2n ** 63n)) throw new CommandError("ERR decrement would overflow");
  return -by;
}
