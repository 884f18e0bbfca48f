/**
 * The cruel test kit.
 *
 * @module
 */

export { check, printCanvas, testKit } from "@umbel/testing";
export type {
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
  FastCheckModule,
  FaultName,
  Faults,
  FiredAt,
  FiredFault,
  PortCall,
  Sendable,
  TestKit,
  TestKitOptions,
  Trial,
} from "@umbel/testing";
