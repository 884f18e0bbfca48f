/**
 * An event on its way to whoever watches.
 *
 * @module
 */

/**
 * An event as it is published: the channel of its type (`eventChannel`) and its envelope (`encodeEvent`). An adapter puts the
 * prefix of its keys before the channel, as Celery does with `global_keyprefix`.
 */
export interface EventLetter {
  readonly channel: string;
  readonly text: string;
}
