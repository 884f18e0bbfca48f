/**
 * Takes settings from elsewhere: Celery's `config_from_object`.
 *
 * A module that was written for Celery may be taken as it is: names are its own, in small letters or in the capitals of old,
 * and what has no meaning here is told, with the reason, and left out.
 *
 * @module
 */

import { type Environment, ImproperlyConfigured } from "@umbel/protocol";
import type { CallingApplication } from "./application.ts";
import { camel, snake } from "./celery-name.ts";
import { celerySettings } from "./celery-settings.ts";
import { isRecord } from "./environment.ts";
import { checkNames } from "./known-names.ts";
import { isSetting, settingNames } from "./setting-kinds.ts";
import { allNames, celeryNameOf } from "./setting-names.ts";
import { settingValue } from "./setting-value.ts";
import type { Settings } from "./settings.ts";

/** How settings are named in what they are taken from. */
export interface ConfigFromOptions {
  /**
   * What the names of settings begin with: with `CELERY`, `CELERY_TASK_DEFAULT_QUEUE` and `celery_task_default_queue`; what
   * begins otherwise is no setting. Variables begin with `UMBEL` when nothing is given, other names with nothing.
   */
  readonly namespace?: string;
}

/** Where settings may be: a record, a module (`import * as`, or its default export), or a function that reads variables. */
export type ConfigSource = object | Environment;

/**
 * Sets an application's settings, all at once or none. From a function (`app.environment`) the variable of every setting is
 * read; texts are read as what the setting takes: `yes` and `off`, `1h30m`, JSON.
 *
 * Returns, and logs, what is left out and why: Celery's settings that set nothing here. Throws `ImproperlyConfigured` for
 * names that are no setting, with the nearest that is, and for values that make no sense; then nothing is set.
 */
export function configFrom(
  app: Pick<CallingApplication, "conf" | "logger">,
  source: ConfigSource,
  options: ConfigFromOptions = {},
): readonly string[] {
  const given = isEnvironment(source) ? fromVariables(source, options) : fromRecord(source, options);
  const { settings, notes } = translate(given);
  app.conf.update(settings);
  const log = app.logger({ logger: "umbel" });
  for (const note of notes) log.warning(note);
  return notes;
}

/** Names as they are written, without their namespace, and values. */
type Given = readonly (readonly [name: string, value: unknown])[];

function isEnvironment(source: ConfigSource): source is Environment {
  return typeof source === "function";
}

function fromVariables(environment: Environment, { namespace = "UMBEL" }: ConfigFromOptions): Given {
  return settingNames.flatMap((name) => {
    const value = environment(`${prefixOf(namespace)}${snake(name).toUpperCase()}`);
    return value === undefined ? [] : [[name, value] as const];
  });
}

function fromRecord(source: object, { namespace = "" }: ConfigFromOptions): Given {
  const prefix = prefixOf(namespace);
  return entriesOf(source).flatMap(([name, value]) => {
    if (!name.toUpperCase().startsWith(prefix)) return [];
    const rest = name.slice(prefix.length);
    return isMeant(rest, value) ? [[rest, value] as const] : [];
  });
}

function prefixOf(namespace: string): string {
  return namespace === "" ? "" : `${namespace.toUpperCase().replace(/_$/, "")}_`;
}

/** What a record has; of a module also what its default export has. */
function entriesOf(source: object): Given {
  const own: Given = Object.entries(source);
  const [, inner] = own.find(([name]) => name === "default") ?? [];
  if (!isRecord(inner)) return own;
  return [...Object.entries(inner), ...own.filter(([name]) => name !== "default")];
}

/** A module exports other things as well: functions and classes that are named like no setting, and what begins with `_`. */
function isMeant(name: string, value: unknown): boolean {
  if (name.startsWith("_") || value === undefined) return false;
  return typeof value !== "function" || celeryNameOf(name) !== undefined;
}

interface Translated {
  readonly settings: Partial<Settings>;
  readonly notes: readonly string[];
}

function translate(given: Given): Translated {
  const settings = new Map<keyof Settings, { readonly written: string; readonly value: unknown }>();
  const notes: string[] = [];
  for (const [written, value] of given) {
    const name = nameOf(written);
    const ours = camel(name);
    if (!isSetting(ours)) notes.push(...noteOf(written, name, value));
    else {
      const twice = settings.get(ours);
      if (twice !== undefined)
        throw new ImproperlyConfigured(`${ours} is given twice, as ${twice.written} and as ${written}`);
      settings.set(ours, { written, value: settingValue(ours, value, (note) => notes.push(note)) });
    }
  }
  return { settings: Object.fromEntries([...settings].map(([name, { value }]) => [name, value])), notes };
}

/** Celery's name of a setting. Throws `ImproperlyConfigured` when there is none. */
function nameOf(written: string): string {
  const name = celeryNameOf(written);
  if (name === undefined) checkNames({ [written]: true }, allNames(), "setting");
  return name ?? written;
}

/** What there is to say of a setting that sets nothing here. */
function noteOf(written: string, name: string, value: unknown): readonly string[] {
  const known = celerySettings.get(name);
  if (known === undefined || (known.verdict === "always" && known.agreed === value)) return [];
  const lead = { elsewhere: "is set elsewhere", always: "holds always", none: "has no meaning" }[known.verdict];
  return [`${written} ${lead}: ${known.why}`];
}
