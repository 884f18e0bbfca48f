/**
 * Settings that come from outside the program.
 *
 * Module level has no environment on Workers, so an adapter's factory closes over its options only and is connected
 * when the application first needs it (delivery.md 22).
 *
 * @module
 */

/** Reads one variable; `undefined` when it is not set. */
export type Environment = (name: string) => string | undefined;

/**
 * Makes an adapter from its options and the environment, at first use. Throws `MissingSettingError` or
 * `ImproperlyConfigured`, which name the setting.
 */
export type Connect<Adapter> = (environment: Environment) => Adapter;

/** A variable; an empty one is not set. */
export function variable(environment: Environment, name: string): string | undefined {
  return environment(name) || undefined;
}

/** Whether development values are out of the question. */
export function isProduction(environment: Environment): boolean {
  return environment("NODE_ENV") === "production";
}
