/** A server that a test may fill as it likes. */
export interface TestServer {
  /** As the superuser, without a schema of its own. */
  readonly url: string;
  /** Most connections that a store may use. */
  readonly poolSize: number;
  readonly stop: () => Promise<void>;
}
