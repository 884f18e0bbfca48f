/**
 * The cruel test kit.
 *
 * @module
 */

export { answerOf, check, printCanvas, testKit } from "@umbel/testing";
export type {
  AdvanceOptions,
  AimedCall,
  AimedDelivery,
  AimedFault,
  Answer,
  CallFault,
  Chances,
  CheckOptions,
  Clock,
  DeliveryFault,
  DrawnFaultsOptions,
  Endpoint,
  FastCheckModule,
  FaultName,
  Faults,
  FiredAt,
  FiredFault,
  FurtherKitOptions,
  HandFault,
  KitLimits,
  PortCall,
  PortMethod,
  Sendable,
  TestKit,
  TestKitOptions,
  Trial,
} from "@umbel/testing";
