import assert from "node:assert/strict";
import { AstrocyteError, type AstrocyteErrorCode } from "astrocyte";

/** Asserts that a call rejects with one of the library's errors, of this code. */
export async function rejectsWithCode(
  call: () => Promise<unknown>,
  code: AstrocyteErrorCode,
): Promise<void> {
  await assert.rejects(call, (error: unknown) => {
    assert.ok(AstrocyteError.isInstance(error), `expected an AstrocyteError, got ${String(error)}`);
    assert.equal(error.code, code);
    return true;
  });
}

/**
 * Asserts that a call with an aborted signal rejects with that signal's own reason.
 *
 * @param call - Returns undefined when the subject does not have the method; that is fine.
 */
export async function rejectsWithReason(
  name: string,
  call: (signal: AbortSignal) => Promise<unknown> | undefined,
): Promise<void> {
  const reason = new Error("the caller gave up");
  const pending = call(AbortSignal.abort(reason));
  if (pending === undefined) return;
  await assert.rejects(
    pending,
    (error: unknown) => {
      assert.equal(error, reason, `${name} must reject with the signal's own reason`);
      return true;
    },
    `${name} must reject when its signal is aborted`,
  );
}

/** Whether a value was refused as unusable; any other failure goes on. */
export async function isRefused(call: () => Promise<unknown>): Promise<boolean> {
  try {
    await call();
    return false;
  } catch (error) {
    if (
      AstrocyteError.isInstance(error) &&
      (error.code === "ASTROCYTE_CONFIG" || error.code === "ASTROCYTE_INVALID_ARGUMENT")
    ) {
      return true;
    }
    throw error;
  }
}
