import type en from './locales/en.json';

/** What can go wrong in a way that a person can be told about; each is the name of its sentence in the locales. */
export type ErrorCode = Exclude<keyof typeof en.errors, 'unexpected'>;

/** Why the repair of jellyfin.db does not go on, and remarks on a way of a rescue: names of sentences, too. */
export type RefusalCode = keyof typeof en.repair.refused;
export type RungNote = keyof typeof en.rescue.note;

/** What a rescue does, on each of its rungs; on the fourth these are the steps of the repair. */
export type StepName = keyof typeof en.rescue.step;

/** Why no answer of Jellyfin's came, as `params.kind` of an error; each is the name of a sentence with what to do. */
export type UnreachableKind = keyof typeof en.unreachable;

/** Values that fill the placeholders of a sentence. */
export type Params = Readonly<Record<string, string | number>>;

/** The only error whose message a person may see: a code that the locales turn into a sentence, and what fills it. */
export class AppError extends Error {
  override readonly name = 'AppError';

  constructor(
    readonly code: ErrorCode,
    readonly params: Params = {},
    options?: ErrorOptions,
  ) {
    super(code, options);
  }
}

/** Whether Jellyfin does not know the account (any more). */
export function isGone(error: unknown): boolean {
  return error instanceof AppError && error.code === 'accountGone';
}

/** What keeps a piece of work from being done, where a person could be told; undefined where it is done. Throws every other error. */
export async function troubleOf(work: Promise<unknown>): Promise<AppError | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
}

/** For `catch`: the error where it is of this kind. Throws every other error. */
export function only<E extends Error>(kind: abstract new (...args: never[]) => E, error: unknown): E {
  if (error instanceof kind) return error;
  throw error;
}

/** For `catch`, where going on without an answer is right when a person could be told why there is none. Throws every other error. */
export const ignoreAppError = (error: unknown): undefined => void only(AppError, error);
