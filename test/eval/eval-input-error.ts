/** What an evaluation was given is not usable; the message says what to give. */
export class EvalInputError extends Error {}
