/**
 * The store: scripts and texts, each call one request.
 *
 * @module
 */

import { milliseconds } from "./milliseconds.ts";
import type { Command, Request, Row } from "./request.ts";
import { resultOf } from "./request.ts";
import { sha1 } from "./sha1.ts";
import type { Step } from "./scripts/step.ts";

/** What a script is called with. */
export interface ScriptCall {
  readonly keys: readonly string[];
  /** Further keys, behind those: of what is kept for people who watch (scripts/aside.ts), which fails no script. */
  readonly aside?: readonly string[];
  readonly args: readonly string[];
}

/** What the backend asks of the store. */
export interface Store {
  /** Runs a script once for each call, and sends commands in the same request; the answers of both, in this order. */
  run(script: Step, calls: readonly ScriptCall[], besides?: readonly Command[]): Promise<readonly unknown[]>;
  /** Sends commands; what each answered, in order. */
  send(commands: readonly Command[]): Promise<readonly unknown[]>;
  /** The text under a key. */
  get(key: string): Promise<string | undefined>;
  /** Keeps a text for so many seconds, or for ever. */
  set(key: string, text: string, seconds: number | undefined): Promise<void>;
}

/** Opens the store that answers these requests. */
export function openStore(request: Request): Store {
  const hashes = new Map<Step, Promise<string>>();

  function hashOf(script: Step): Promise<string> {
    const hash = hashes.get(script) ?? sha1(script.lua);
    hashes.set(script, hash);
    return hash;
  }

  async function send(commands: readonly Command[]): Promise<readonly unknown[]> {
    return resultsOf(await request(commands), commands);
  }

  return {
    send,

    async run(script, calls, besides = []) {
      const hash = await hashOf(script);
      const commands = [...calls.map((call) => evalsha(hash, call)), ...besides];
      const rows = await request(commands);
      if (!rows.some(isUnknownScript)) return resultsOf(rows, commands);
      // Every step may be repeated, so it does no harm that some may have run.
      return send([...calls.map((call) => evalLua(script.lua, call)), ...besides]);
    },

    async get(key) {
      const [text] = await send([getOf(key)]);
      return typeof text === "string" ? text : undefined;
    },

    async set(key, text, seconds) {
      const life = seconds === undefined ? undefined : { px: Number(milliseconds(seconds)) };
      await send([{ size: text.length, putInto: (pipeline) => void pipeline.set(key, text, life) }]);
    },
  };
}

function resultsOf(rows: readonly Row[], commands: readonly Command[]): readonly unknown[] {
  return rows.map((row, nth) => resultOf(row, commands[nth]?.keys));
}

/** Reads the text under a key. */
export function getOf(key: string): Command {
  return { size: key.length, keys: [key], putInto: (pipeline) => void pipeline.get(key) };
}

/** What was read under keys, in order, with a gap where nothing is. */
export function textsIn(answers: readonly unknown[]): readonly (string | undefined)[] {
  return answers.map((text) => (typeof text === "string" ? text : undefined));
}

function evalsha(hash: string, { keys, aside = [], args }: ScriptCall): Command {
  const all = [...keys, ...aside];
  return { size: sizeOf(args), keys, putInto: (pipeline) => void pipeline.evalsha(hash, all, [...args]) };
}

function evalLua(lua: string, { keys, aside = [], args }: ScriptCall): Command {
  const all = [...keys, ...aside];
  return { size: lua.length + sizeOf(args), keys, putInto: (pipeline) => void pipeline.eval(lua, all, [...args]) };
}

function sizeOf(args: readonly string[]): number {
  return args.reduce((sum, arg) => sum + arg.length, 0);
}

function isUnknownScript({ error }: Row): boolean {
  return error?.includes("NOSCRIPT") ?? false;
}
