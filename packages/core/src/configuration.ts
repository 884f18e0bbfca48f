/**
 * The settings of an application as it holds them: read as properties, changed together, shown without secrets.
 *
 * @module
 */

import { ImproperlyConfigured } from "@umbel/protocol";
import { checkAnnotations } from "./annotations.ts";
import { withoutSecrets } from "./censor.ts";
import { givenIn } from "./given.ts";
import { checkKind, checkOptions, record } from "./kinds.ts";
import { checkNames } from "./known-names.ts";
import { checkPublishRetryPolicy } from "./publish-retry.ts";
import { checkQueueOptions } from "./queues.ts";
import { limitsIn } from "./rate-limit.ts";
import { checkRoute } from "./route.ts";
import { settingKinds, settingNames } from "./setting-kinds.ts";
import { defaultSettings, type Settings } from "./settings.ts";
import { checkLimits } from "./time-limits.ts";

/** Settings that can be read as properties, and changed together. */
export interface Configuration extends Changeable {
  /**
   * Changes settings; what is undefined is not changed. Throws `ImproperlyConfigured` for a name that is not one, with the
   * nearest that is, and for a value that makes no sense; then nothing is changed.
   */
  update(changes: Partial<Settings>): void;
  /** The settings as data: those that differ from their defaults, or all; secrets and what looks like one are hidden. */
  table(options?: TableOptions): Readonly<Record<string, unknown>>;
  /** The same as text, a line for each, after the names of the broker and the backend. */
  humanize(options?: TableOptions): string;
  /** What differs from the defaults, as {@link humanize} shows it. */
  toString(): string;
}

/** Each setting can be given by itself as well, as in Celery: checked as {@link Configuration.update} does. */
type Changeable = { -readonly [Name in keyof Settings]: Settings[Name] };

/** What {@link Configuration.table} shows. */
export interface TableOptions {
  /** Also what has its default. */
  readonly withDefaults?: boolean;
  /** False: nothing is hidden. */
  readonly censored?: boolean;
}

/** What an application is made with besides its settings. */
export interface Besides {
  readonly options: readonly string[];
  /** What its adapters are called, for people. */
  readonly adapters: () => Readonly<Record<string, string>>;
}

const nothing: Besides = { options: [], adapters: () => ({}) };

/** Makes a configuration from the defaults and what the application sets. */
export function configuration(initial: Partial<Settings>, besides: Besides = nothing): Configuration {
  checkNames(initial, [...settingNames, ...besides.options], "setting");
  const conf = { ...defaultSettings, update, table, humanize, toString: () => humanize() };
  update(initial);
  return new Proxy(conf, {
    set(_, name, value) {
      update({ [name]: value });
      return true;
    },
    deleteProperty(_, name) {
      update({ [name]: Reflect.get(defaultSettings, name) ?? null });
      return true;
    },
  });

  function update(changes: Partial<Settings>): void {
    checkKind("What conf.update() takes", record, changes);
    const given = givenIn(changes);
    const fixed = besides.options.find((name) => Object.hasOwn(given, name));
    if (fixed !== undefined) throw new ImproperlyConfigured(`${fixed} is given once: new Umbel("name", { ${fixed} })`);
    checkOptions(given, settingKinds, { one: "setting" });
    checkTogether({ ...conf, ...given });
    Object.assign(conf, given);
  }

  function table(options?: TableOptions): Readonly<Record<string, unknown>> {
    return tableOf(conf, options);
  }

  function humanize(options?: TableOptions): string {
    const rows = Object.entries({ ...besides.adapters(), ...tableOf(conf, options) });
    return rows.map(([name, value]) => `${name}: ${JSON.stringify(value, asText)}`).join("\n");
  }
}

/** What holds when nothing is set, as data. */
export function defaultTable(): Readonly<Record<string, unknown>> {
  return tableOf(defaultSettings, { withDefaults: true });
}

/** What one word does not say, or no setting by itself. */
function checkTogether(settings: Settings): void {
  checkAnnotations(settings);
  checkPublishRetryPolicy("taskPublishRetryPolicy", settings.taskPublishRetryPolicy);
  for (const [queue, options] of Object.entries(settings.taskQueues ?? {})) checkQueueOptions(queue, options);
  limitsIn(settings.taskDefaultRateLimit, "taskDefaultRateLimit");
  checkRoute(settings.taskRoutes);
  const { taskSoftTimeLimit: soft, taskTimeLimit: hard } = settings;
  checkLimits(["taskSoftTimeLimit", soft], ["taskTimeLimit", hard]);
}

function tableOf(settings: Settings, { withDefaults = false, censored = true }: TableOptions = {}) {
  const differing = settingNames.filter((name) => withDefaults || settings[name] !== defaultSettings[name]);
  const rows = differing.map((name) => [name, settings[name]] as const);
  return Object.fromEntries(rows.map(([name, value]) => [name, censored ? withoutSecrets(name, value) : value]));
}

/** What JSON has no form for, as it is written in a program. */
function asText(_key: string, value: unknown): unknown {
  return value instanceof RegExp || typeof value === "function" ? String(value) : value;
}
