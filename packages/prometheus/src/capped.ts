/**
 * A bound of how many series there are: names come from strangers, and each new one is kept for ever.
 *
 * @module
 */

import type { Series, TaskLabels } from "./series.ts";

/** Most sets of labels that are counted apart. */
const mostSets = 1000;

const other = "other";

/** The same series, where sets of labels beyond the first thousand are one. */
export function capped(series: Series): Series {
  const seen = new Set<string>();
  const isKept = (labels: TaskLabels, exception = "") => {
    const key = JSON.stringify([labels.name, labels.hostname, labels.queue_name, exception]);
    if (seen.size < mostSets) seen.add(key);
    return seen.has(key);
  };
  const kept = (labels: TaskLabels) => (isKept(labels) ? labels : { name: other, hostname: other, queue_name: other });
  return {
    register: series.register,
    count(what, labels, exception) {
      const shown = kept(labels);
      const isNamed = exception === undefined || isKept(shown, exception);
      series.count(what, shown, isNamed ? exception : other);
    },
    ran: (labels, seconds) => series.ran(kept(labels), seconds),
    waited: (labels, seconds) => series.waited(kept(labels), seconds),
  };
}
