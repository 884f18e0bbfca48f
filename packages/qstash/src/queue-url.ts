/**
 * Where messages of ours go: `<worker>/q/<queue>` (delivery.md 23).
 *
 * @module
 */

/** What a URL of ours says. */
export interface QueueUrl {
  readonly queue: string;
  /** Base URL of the worker. */
  readonly target: string;
}

/** Takes a URL apart; undefined for what we have not written: others may publish on the same account. */
export function queueIn(url: string): QueueUrl | undefined {
  const at = url.lastIndexOf("/q/");
  const queue = at === -1 ? undefined : decoded(url.slice(at + 3));
  return queue === undefined ? undefined : { queue, target: url.slice(0, at) };
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
