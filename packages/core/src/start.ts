/**
 * Sends a canvas's first calls: at once where one publish call takes them, else by way of one message.
 *
 * What is too much for one call is stored once, and one message is sent. The worker that gets the message sends the first
 * calls, in as many publish calls as it takes; delivered again it sends the same ones. So a caller that dies has started
 * all of a canvas or nothing of it (delivery.md 4).
 *
 * @module
 */

import { type Call, changeFirst, endOf, expand, outlineOf, resultIdOf, signature } from "@umbel/canvas";
import { type NamedText, type Signature, writeDate, writeJson } from "@umbel/protocol";
import type { CallingApplication } from "./application.ts";
import { childId } from "./identity.ts";
import { publicationOf } from "./publication.ts";
import { publishOrThrow } from "./publish.ts";
import { retentionOf } from "./retention.ts";

/** Name of the built-in task that sends a stored canvas's first calls. */
export const startName = "umbel.start";

/** A canvas whose text is longer than this, in characters, travels by reference. */
const largestCanvas = 65_536;

/** What starts a canvas. */
export interface Beginning {
  /** To be sent. */
  readonly calls: readonly Call[];
  /** To be stored before: what the one call then sent starts from. */
  readonly stored?: NamedText;
}

/**
 * The text of a canvas that is too much to be started directly, by `calls`; undefined when it is not, as it never is without
 * a backend.
 */
export function textToStore(app: CallingApplication, canvas: Signature, calls: readonly Call[]): string | undefined {
  if (calls.length <= 1 || !app.hasBackend) return undefined;
  const text = writeJson(atFixedTimes(app, canvas));
  return text.length > largestCanvas || calls.length > app.broker.traits.maxBatch ? text : undefined;
}

/** What starts an applied canvas by these calls: they themselves, or one message. */
export function beginningOf(app: CallingApplication, canvas: Signature, calls: readonly Call[]): Beginning {
  const text = textToStore(app, canvas, calls);
  if (text === undefined) return { calls };
  const id = resultIdOf(canvas);
  const options = { task_id: childId(id, "start"), ignore_result: true };
  const message = signature(startName, { args: [id], kwargs: lastsOf(canvas), options });
  return { calls: expand(message), stored: { name: storedName(id), text } };
}

/** Longest outline, in characters, that a message has. */
const longestOutline = 4096;

/** What has to be known of a canvas to end it when its text is gone: where its nodes lie, and the chord around it. */
function lastsOf(canvas: Signature): Signature["kwargs"] {
  const outline = outlineOf(canvas);
  const end = endOf(canvas);
  return {
    ...(writeJson(outline).length <= longestOutline ? { outline } : {}),
    ...(end.chord ? { end } : {}),
  };
}

/**
 * Sends what starts an applied canvas.
 * Throws what publishing throws, and `BackendUnavailable` when the canvas cannot be stored.
 */
export async function start(app: CallingApplication, canvas: Signature, calls: readonly Call[]): Promise<void> {
  const beginning = beginningOf(app, canvas, calls);
  await storeBeginning(app, beginning);
  const publications = beginning.calls.map((each) => publicationOf(app, each));
  await publishOrThrow(app, publications, calls[0]?.options);
}

/** Stores what is to be stored before the calls of a beginning are sent. Throws `BackendUnavailable`. */
export async function storeBeginning(app: CallingApplication, { stored }: Beginning): Promise<void> {
  if (stored !== undefined) await app.backend.save(stored.name, stored.text, retentionOf(app));
}

/** Seconds from now become instants, in all that is sent at once: the canvas may be applied later than it was sent. */
function atFixedTimes(app: CallingApplication, canvas: Signature): Signature {
  const at = (seconds: number) => writeDate(app.platform.now() + seconds * 1000);
  return changeFirst(canvas, (part) => {
    const { countdown, expires, ...options } = part.options;
    if (typeof countdown !== "number" && typeof expires !== "number") return part;
    return {
      ...part,
      options: {
        ...options,
        ...(typeof countdown === "number" ? { eta: at(countdown) } : {}),
        ...(expires === undefined ? {} : { expires: typeof expires === "number" ? at(expires) : expires }),
      },
    };
  });
}

/** Under which name the text of a canvas is stored. */
export function storedName(id: string): string {
  return `canvas:${id}`;
}
