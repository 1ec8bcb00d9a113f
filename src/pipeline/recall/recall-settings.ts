/** What the configuration says of the stages of recall. */
// oxlint-disable-next-line typescript/no-empty-object-type
export interface RecallSettings {}
