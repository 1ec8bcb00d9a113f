/** What a grant can allow, one by one. */
export const permissions = ["read", "write", "forget", "admin"] as const;

/** `*` stands for all four, in a grant as in a question. */
export type Permission = (typeof permissions)[number] | "*";

/** The permission that each operation needs on every bank it touches; `forget` is the selective one. */
export const operationPermissions = {
  recall: "read",
  reflect: "read",
  history: "read",
  audit: "read",
  searchGraph: "read",
  listMentalModels: "read",
  getMentalModel: "read",
  listObservations: "read",
  retain: "write",
  // It writes pages and spends tokens.
  compile: "write",
  createMentalModel: "write",
  updateMentalModel: "write",
  refreshMentalModel: "write",
  createDirective: "write",
  createObservation: "write",
  forget: "forget",
  deleteMentalModel: "forget",
  deleteObservation: "forget",
  forgetAll: "admin",
  complianceForget: "admin",
  clearBank: "admin",
  exportBank: "admin",
  importBank: "admin",
  setLegalHold: "admin",
  releaseLegalHold: "admin",
  listLegalHolds: "admin",
  runLifecycle: "admin",
  bankHealth: "admin",
} as const satisfies Readonly<Record<string, Permission>>;

export type GovernedOperation = keyof typeof operationPermissions;

export function permissionOf(operation: GovernedOperation): Permission {
  return operationPermissions[operation];
}
