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
import { checkKind, secondsIn } from "./kinds.ts";
import { checkNames } from "./known-names.ts";
import { isSetting, settingKinds, settingNames } from "./setting-kinds.ts";
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
 * read; texts are read as what the setting takes: `yes` and `off`, `1h30m`, JSON. 0 is null where it is so in Celery, for a
 * setting that is named as there: results that stay for ever, attempts without a limit.
 *
 * Returns, and logs, what is left out and why: Celery's settings that set nothing here. Throws `ImproperlyConfigured` for
 * names that are no setting, with the nearest that is, and for values that make no sense; then nothing is set.
 */
export function configFrom(
  app: Pick<CallingApplication, "conf" | "logger">,
  source: ConfigSource,
  options: ConfigFromOptions = {},
): readonly string[] {
  if (!isEnvironment(source) && !isRecord(source)) {
    throw new ImproperlyConfigured(
      `configFrom takes a record, a module or app.environment: import ${JSON.stringify(source)} first`,
    );
  }
  checkNames(
    options,
    Object.keys({ namespace: true } satisfies Record<keyof ConfigFromOptions, true>),
    "option of configFrom",
  );
  const given = isEnvironment(source) ? fromVariables(source, options) : fromRecord(source, options);
  const { settings, notes } = translate(given);
  app.conf.update(settings);
  const log = app.logger({ logger: "umbel" });
  for (const note of notes) log.warning(note);
  return notes;
}

/** Names without their namespace, values, and names as they are written. */
type Given = readonly (readonly [name: string, value: unknown, written: string])[];

function isEnvironment(source: ConfigSource): source is Environment {
  return typeof source === "function";
}

function fromVariables(environment: Environment, { namespace = "UMBEL" }: ConfigFromOptions): Given {
  return settingNames.flatMap((name) => {
    const plain = snake(name);
    const variable = `${prefixOf(namespace)}${plain.toUpperCase()}`;
    const value = environment(variable);
    return value === undefined ? [] : [[plain, value, variable] as const];
  });
}

function fromRecord(source: object, { namespace = "" }: ConfigFromOptions): Given {
  const prefix = prefixOf(namespace);
  return entriesOf(source).flatMap(([name, value]) => {
    if (!name.toUpperCase().startsWith(prefix)) return [];
    const rest = name.slice(prefix.length);
    return isMeant(rest, value) ? [[rest, value, name] as const] : [];
  });
}

function prefixOf(namespace: string): string {
  return namespace === "" ? "" : `${namespace.toUpperCase().replace(/_$/, "")}_`;
}

/** What a record has; of a module also what its default export has. */
function entriesOf(source: object): readonly (readonly [name: string, value: unknown])[] {
  const own: readonly (readonly [name: string, value: unknown])[] = Object.entries(source);
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
  for (const each of given) {
    const [plain, value, written] = each;
    const name = nameOf(plain, written);
    const ours = camel(name);
    if (!isSetting(ours)) notes.push(...noteOf(written, name, value));
    else {
      const twice = settings.get(ours);
      if (twice !== undefined)
        throw new ImproperlyConfigured(`${ours} is given twice, as ${twice.written} and as ${written}`);
      settings.set(ours, { written, value: valueOf(ours, each, (note) => notes.push(note)) });
    }
  }
  return { settings: Object.fromEntries([...settings].map(([name, { value }]) => [name, value])), notes };
}

/** Celery's name of a setting. Throws `ImproperlyConfigured` when there is none, with the nearest in the same manner. */
function nameOf(plain: string, written: string): string {
  const name = celeryNameOf(plain);
  if (name !== undefined) return name;
  const before = written.slice(0, written.length - plain.length);
  checkNames(
    { [written]: true },
    allNames().map((each) => `${before}${inMannerOf(plain, each)}`),
    "setting",
  );
  return plain;
}

function inMannerOf(written: string, name: string): string {
  if (written === written.toUpperCase()) return snake(name).toUpperCase();
  return written.includes("_") ? snake(name) : name;
}

/** What a setting is set to; an error names it as it is written. */
function valueOf(name: keyof Settings, [plain, value, written]: Given[number], note: (text: string) => void): unknown {
  const own = settingValue({ name, written }, value, note);
  const read = isEndless(name, plain, own) ? null : own;
  if (read !== undefined) checkKind(written, settingKinds[name], read);
  return read;
}

/** Settings that say by 0, where they are named as in Celery, that there is no end. */
const endless: ReadonlySet<keyof Settings> = new Set(["resultExpires", "taskTimeLimit", "taskSoftTimeLimit"]);

function isEndless(name: keyof Settings, plain: string, value: unknown): boolean {
  return endless.has(name) && plain.includes("_") && secondsIn(value) === 0;
}

/** What there is to say of a setting that sets nothing here. */
function noteOf(written: string, name: string, value: unknown): readonly string[] {
  const known = celerySettings.get(name);
  if (known === undefined || (known.verdict === "always" && known.agreed === value)) return [];
  const lead = { elsewhere: "is set elsewhere", always: "holds always", none: "has no meaning" }[known.verdict];
  return [`${written} ${lead}: ${known.why}`];
}
