/**
 * Who listens to what, in this process: the embedded engine's publish and subscribe, and the fan-out before a real Redis.
 *
 * @module
 */

import type { Listener, Topic } from "./engine.ts";
import { glob } from "./glob.ts";

/** Listeners by topic. */
export interface Channels {
  add(topic: Topic, listener: Listener): void;
  /** Takes a listener away; `last` says whether nobody listens to this topic any more. */
  remove(topic: Topic, listener: Listener): { last: boolean };
  /** Tells everybody who listens to exactly this topic. */
  tell(topic: Topic, channel: string, message: Buffer): void;
  /** Tells everybody whose channel or pattern fits. */
  publish(channel: string, message: Buffer): void;
  /** Empties the register, and tells everybody who was in it. */
  lose(): void;
  /** How many would be told; who listens twice counts twice. */
  audience(channel: string): number;
}

interface Audience {
  readonly listeners: Set<Listener>;
  fits(channel: Buffer): boolean;
}

/** Creates an empty register. */
export function createChannels(): Channels {
  const audiences = { channel: new Map<string, Audience>(), pattern: new Map<string, Audience>() };

  /** A channel is looked up, only patterns are tried one by one: there may be a channel for each task that is waited for. */
  function fitting(channel: string): readonly Listener[] {
    const exact = audiences.channel.get(channel);
    const told = exact ? [exact] : [];
    if (audiences.pattern.size === 0) return listenersOf(told);
    const bytes = Buffer.from(channel);
    return listenersOf([...told, ...[...audiences.pattern.values()].filter((each) => each.fits(bytes))]);
  }

  return {
    add(topic, listener) {
      const audience = audiences[topic.kind].get(topic.name) ?? audienceOf(topic);
      audience.listeners.add(listener);
      audiences[topic.kind].set(topic.name, audience);
    },
    remove({ kind, name }, listener) {
      const audience = audiences[kind].get(name);
      const last = audience?.listeners.delete(listener) === true && audience.listeners.size === 0;
      if (last) audiences[kind].delete(name);
      return { last };
    },
    tell({ kind, name }, channel, message) {
      for (const listener of audiences[kind].get(name)?.listeners ?? []) listener.message(channel, message);
    },
    publish(channel, message) {
      for (const listener of fitting(channel)) listener.message(channel, message);
    },
    lose() {
      const everybody = listenersOf([...audiences.channel.values(), ...audiences.pattern.values()]);
      audiences.channel.clear();
      audiences.pattern.clear();
      for (const listener of everybody) listener.lost();
    },
    audience: (channel) => fitting(channel).length,
  };
}

function audienceOf({ kind, name }: Topic): Audience {
  const fits = kind === "pattern" ? glob(Buffer.from(name)) : (channel: Buffer) => channel.toString() === name;
  return { listeners: new Set(), fits };
}

function listenersOf(audiences: readonly Audience[]): readonly Listener[] {
  return audiences.flatMap(({ listeners }) => Array.from(listeners));
}
