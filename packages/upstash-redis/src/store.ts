/**
 * The store: scripts and texts, each call one request.
 *
 * @module
 */

import type { StoreScript } from "@umbel/protocol";
import { milliseconds } from "./milliseconds.ts";
import type { Pipeline, Request, Row } from "./request.ts";
import { resultOf } from "./request.ts";

/** What a script is called with. */
interface ScriptCall {
  readonly keys: readonly string[];
  readonly args: readonly string[];
}

/** What the backend asks of the store. */
export interface Store {
  /** Runs a script once for each call. */
  run(script: StoreScript, calls: readonly ScriptCall[]): Promise<readonly unknown[]>;
  /** Sends the commands that `fill` puts into the pipeline. */
  send(fill: (pipeline: Pipeline) => void): Promise<readonly unknown[]>;
  /** The text under a key. */
  get(key: string): Promise<string | undefined>;
  /** Keeps a text for so many seconds, or for ever. */
  set(key: string, text: string, seconds: number | undefined): Promise<void>;
}

/** Opens the store that answers these requests. */
export function openStore(request: Request): Store {
  const hashes = new Map<StoreScript, Promise<string>>();

  function hashOf(script: StoreScript): Promise<string> {
    const hash = hashes.get(script) ?? sha1(script.lua);
    hashes.set(script, hash);
    return hash;
  }

  async function send(fill: (pipeline: Pipeline) => void): Promise<readonly unknown[]> {
    return (await request(fill)).map(resultOf);
  }

  return {
    send,

    async run(script, calls) {
      const hash = await hashOf(script);
      const rows = await request((pipeline) => {
        for (const { keys, args } of calls) pipeline.evalsha(hash, [...keys], [...args]);
      });
      if (!rows.some(isUnknownScript)) return rows.map(resultOf);
      // Every step may be repeated, so it does no harm that some may have run.
      return send((pipeline) => {
        for (const { keys, args } of calls) pipeline.eval(script.lua, [...keys], [...args]);
      });
    },

    async get(key) {
      const [text] = await send((pipeline) => void pipeline.get(key));
      return typeof text === "string" ? text : undefined;
    },

    async set(key, text, seconds) {
      const life = seconds === undefined ? undefined : { px: Number(milliseconds(seconds)) };
      await send((pipeline) => void pipeline.set(key, text, life));
    },
  };
}

function isUnknownScript({ error }: Row): boolean {
  return error?.includes("NOSCRIPT") ?? false;
}

async function sha1(text: string): Promise<string> {
  const hash = await crypto.subtle.digest("SHA-1", new TextEncoder().encode(text));
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
