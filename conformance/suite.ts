import type { TestRunner } from "./runner.js";
import type { ConformanceTarget } from "./target.js";

/** One thing that must hold of a subject. `id` is the first word of the test's title. */
export interface Statement<Subject, Target> {
  readonly id: string;
  readonly text: string;
  /** Why the statement says nothing about this target; the test is then skipped and shows the reason. */
  readonly unless?: ((target: Target) => string | false | undefined) | undefined;
  readonly check: (subject: Subject, target: Target) => Promise<void>;
}

export interface Chapter<Subject, Target> {
  readonly title: string;
  readonly statements: readonly Statement<Subject, Target>[];
}

interface Closable {
  close?(): Promise<void>;
}

/** Runs `body` on a fresh subject. A failure of the body is not hidden by one of the cleaning up. */
async function withSubject<Subject extends Closable>(
  target: ConformanceTarget<Subject>,
  body: (subject: Subject) => Promise<void>,
): Promise<void> {
  const subject = await target.create();
  const failures: unknown[] = [];
  const steps = [() => body(subject), () => subject.close?.(), () => target.destroy?.(subject)];
  for (const step of steps) {
    try {
      await step();
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}

export function registerSuite<Subject extends Closable, Target extends ConformanceTarget<Subject>>(
  title: string,
  target: Target,
  chapters: readonly Chapter<Subject, Target>[],
  { describe, it }: TestRunner,
): void {
  describe(`${target.name}: ${title}`, () => {
    for (const chapter of chapters) {
      describe(chapter.title, () => {
        for (const { id, text, unless, check } of chapter.statements) {
          const reason = target.skip?.[id] ?? unless?.(target);
          if (reason) it.skip(`${id} ${text} (skipped: ${reason})`, async () => {});
          else {
            it(`${id} ${text}`, () => withSubject(target, (subject) => check(subject, target)));
          }
        }
      });
    }
  });
}
