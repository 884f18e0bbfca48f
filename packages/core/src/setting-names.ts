/**
 * Which setting a name means: ours, Celery's of today, or Celery's of old in capitals.
 *
 * @module
 */

import { camel, snake } from "./celery-name.ts";
import { celerySettings } from "./celery-settings.ts";
import { isSetting, settingNames } from "./setting-kinds.ts";

/** Old names whose new ones no rule gives. */
const irregular: Readonly<Record<string, string>> = {
  celery_max_cached_results: "result_cache_max",
  celery_task_result_expires: "result_expires",
  celery_result_dburi: "database_url",
  celery_result_engine_options: "database_engine_options",
  celery_result_db_short_lived_sessions: "database_short_lived_sessions",
  celery_result_db_tablenames: "database_table_names",
  celery_message_compression: "task_compression",
  celery_eager_propagates_exceptions: "task_eager_propagates",
  celery_send_task_sent_event: "task_send_sent_event",
  celery_send_events: "worker_send_task_events",
};

/** How old names begin, and how the same ones begin today. */
const beginnings: readonly (readonly [old: string, now: readonly string[]])[] = [
  ["celery_", ["", "task_", "worker_"]],
  ["celeryd_", ["worker_", ""]],
  ["celerybeat_", ["beat_"]],
];

/** Celery's name of the setting that is meant, in lower case; undefined when there is none. */
export function celeryNameOf(written: string): string | undefined {
  const name = snake(written);
  return [name, irregular[name], ...renamed(name)].find((each) => each !== undefined && isKnown(each));
}

/** Every name that there is, for whoever has misspelt one. */
export function allNames(): readonly string[] {
  return [...settingNames, ...celerySettings.keys()];
}

function renamed(name: string): readonly string[] {
  return beginnings.flatMap(([old, now]) =>
    name.startsWith(old) ? now.map((beginning) => `${beginning}${name.slice(old.length)}`) : [],
  );
}

function isKnown(name: string): boolean {
  return isSetting(camel(name)) || celerySettings.has(name);
}
