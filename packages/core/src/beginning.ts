/**
 * The beginning of an application's service: what Celery tells by `on_after_configure` and `on_after_finalize`.
 *
 * An application is configured where it is made, and its tasks are declared when their modules are loaded; nobody says when
 * that is over. It is over, at the latest, when an endpoint gets its first request: by then the runtime has given its
 * variables, too.
 *
 * @module
 */

import { Signal, type SignalOptions, type SignalSender } from "@umbel/signals";
import type { Configuration } from "./configuration.ts";

/** An application has its settings and its variables. */
export interface AfterConfigure {
  readonly source: Configuration;
}

/** An application has all of its tasks. */
export interface AfterFinalize {
  /** Their names. */
  readonly tasks: readonly string[];
}

/** The two signals, and what sends them. */
export interface Beginning<App extends SignalSender> {
  readonly onAfterConfigure: Signal<AfterConfigure, App>;
  readonly onAfterFinalize: Signal<AfterFinalize, App>;
  /** Sends both, the first time; resolves once their receivers have been called. */
  finalize(app: App & { readonly conf: Configuration; readonly tasks: ReadonlyMap<string, unknown> }): Promise<void>;
}

/** Makes the beginning of one application. */
export function beginning<App extends SignalSender>(options: SignalOptions): Beginning<App> {
  const onAfterConfigure = new Signal<AfterConfigure, App>("on_after_configure", options);
  const onAfterFinalize = new Signal<AfterFinalize, App>("on_after_finalize", options);
  let begun: Promise<void> | undefined;
  return {
    onAfterConfigure,
    onAfterFinalize,
    async finalize(app) {
      begun ??= begin(app);
      await begun;
    },
  };

  async function begin(app: Parameters<Beginning<App>["finalize"]>[0]): Promise<void> {
    await onAfterConfigure.send(app, { source: app.conf });
    await onAfterFinalize.send(app, { tasks: [...app.tasks.keys()] });
  }
}
