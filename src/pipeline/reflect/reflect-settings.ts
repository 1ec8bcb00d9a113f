/** What the configuration says of the stages of reflect. */
// oxlint-disable-next-line typescript/no-empty-object-type
export interface ReflectSettings {}
