/**
 * The cruel test kit.
 *
 * @module
 */

export { testKit } from "@umbel/testing";
export type {
  AimedCall,
  AimedDelivery,
  AimedFault,
  Answer,
  CallFault,
  Chances,
  Clock,
  DeliveryFault,
  FaultName,
  Faults,
  FiredAt,
  FiredFault,
  PortCall,
  TestKit,
  TestKitOptions,
} from "@umbel/testing";
