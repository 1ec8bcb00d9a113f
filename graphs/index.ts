export { AstrocyteStore, type AstrocyteStoreOptions } from "./astrocyte-store.js";
export type { BankSelector, NodeConfig } from "./bank-id.js";
export type { CallerSelector } from "./caller.js";
export type { FailureOptions } from "./failure.js";
export {
  forgetNode,
  type ForgetNodeOptions,
  type ForgetPolicy,
  type ForgetSelection,
  type ForgetUpdate,
} from "./forget-node.js";
export {
  createMaintenanceGraph,
  MaintenanceState,
  type MaintenanceGraphOptions,
} from "./maintenance-graph.js";
export {
  createMemoryGraph,
  MemoryState,
  type MemoryGraphOptions,
  type ModelLike,
} from "./memory-graph.js";
export {
  isHuman,
  isRecalled,
  lastHumanMessage,
  messageText,
  recalledMark,
  type MessageLike,
  type MessagesState,
} from "./messages.js";
export { recallNode, type RecallNodeOptions, type RecallUpdate } from "./recall-node.js";
export { createReflectGraph, ReflectState, type ReflectGraphOptions } from "./reflect-graph.js";
export {
  reflectNode,
  type Reflection,
  type ReflectNodeOptions,
  type ReflectUpdate,
} from "./reflect-node.js";
export { retainNode, type RetainNodeOptions, type RetainUpdate } from "./retain-node.js";
export type { RetainPolicy, ReviewDecision, ReviewItem, ReviewRequest } from "./review.js";
export type { Namespace } from "./store-namespace.js";
export type { IndexFields } from "./store-text.js";
export type { TurnSelection } from "./turn.js";
