/** What the configuration says of the stages of retain. */
// oxlint-disable-next-line typescript/no-empty-object-type
export interface RetainSettings {}
