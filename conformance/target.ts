/** What a suite is run on. */
export interface ConformanceTarget<Subject> {
  readonly name: string;
  /** A fresh, empty subject for each test. Its `close` is called when the test is over, if it has one. */
  readonly create: () => Subject | Promise<Subject>;
  /** Removes what `create` made, after `close`: a file, a schema. */
  readonly destroy?: ((subject: Subject) => void | Promise<void>) | undefined;
  /** Statements that are known not to hold, with the reason that the skipped test shows. */
  readonly skip?: Readonly<Record<string, string>> | undefined;
}
