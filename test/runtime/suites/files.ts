/**
 * `node:fs` for tests on workerd, whose own has no files of the machine: those that tests read are part of the bundle.
 *
 * @module
 */

declare global {
  interface ImportMeta {
    /** Vite's: the files that fit, by path. */
    glob(patterns: readonly string[], options: object): Readonly<Record<string, string>>;
  }
}

const texts = import.meta.glob(["../../../../shared/fixtures/*/**/*.json", "../../../docs/lifecycle.md"], {
  query: "?raw",
  import: "default",
  eager: true,
});
const files = new Map(Object.entries(texts).map(([path, text]) => [new URL(path, import.meta.url).href, text]));

/** Whether there is such a file, or any in such a folder. */
export function existsSync({ href }: URL): boolean {
  return files.has(href) || [...files.keys()].some((each) => each.startsWith(href));
}

/** The text of a file. Throws when it is not in the bundle. */
export function readFileSync({ href }: URL): string {
  const text = files.get(href);
  if (text === undefined) throw new Error(`${href} is not in the bundle`);
  return text;
}
