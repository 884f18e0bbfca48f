/**
 * Ask and tell workers what an operator asks and tells.
 *
 * @module
 */

export {};
