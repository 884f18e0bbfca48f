/**
 * A cruel test kit: an application's broker, backend and worker in memory, on a clock of its own, under every fault.
 *
 * ```ts
 * await using kit = testKit(app, { faults: { drop: 0.2, crashAfter: 0.1 } });
 * const result = await chain(add.s(2, 2), add.s(4)).delay();
 * await kit.settle();
 * console.log(await result.get()); // 8, whatever went wrong
 * ```
 *
 * @module
 */

export { check } from "./check.ts";
export type { Trial } from "./check.ts";
export type { CheckOptions, Sendable } from "./check-options.ts";
export type { Clock } from "./clock.ts";
export type { DrawnFaultsOptions, FastCheckModule } from "./drawn-faults.ts";
export type {
  AimedCall,
  AimedDelivery,
  AimedFault,
  CallFault,
  Chances,
  DeliveryFault,
  FaultName,
  Faults,
  FiredAt,
  FiredFault,
  HandFault,
} from "./fault.ts";
export type { AdvanceOptions } from "./journey.ts";
export { testKit } from "./kit.ts";
export type { TestKit } from "./kit.ts";
export type { Endpoint, FurtherKitOptions, KeepingContext, KitLimits, TestKitOptions } from "./kit-options.ts";
export type { PortCall, PortMethod } from "./port-method.ts";
export { answerOf } from "./post.ts";
export type { Answer } from "./post.ts";
export { printCanvas } from "./print-canvas.ts";
