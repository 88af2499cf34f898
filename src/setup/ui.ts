/** Somebody does not answer a question: they want the one before it, or to stop altogether. */
export class Leaving extends Error {
  override readonly name = 'Leaving';

  constructor(readonly wish: 'back' | 'stop') {
    super(wish);
  }
}

export interface Choice<T> {
  readonly value: T;
  readonly label: string;
  readonly hint?: string | undefined;
}

/** Says what is wrong with an answer; undefined for one that is taken. */
export type Check = (answer: string) => Promise<string | undefined> | string | undefined;

export interface TextQuestion {
  readonly message: string;
  /** What Enter alone stands for, at each time it is asked. */
  readonly initial?: () => string | undefined;
  readonly check?: Check;
}

/** Everything that a set-up says and asks. Every question throws Leaving. */
export interface SetupUi {
  /** What is said before a question. */
  say(text: string): void;
  /** Something is as it should be. */
  good(text: string): void;
  warn(text: string): void;
  /** To be copied, or scanned: nothing stands before or behind it. */
  plain(text: string): void;
  text(question: TextQuestion): Promise<string>;
  /** A text that is not shown. */
  secret(question: Omit<TextQuestion, 'initial'>): Promise<string>;
  pick<T>(message: string, choices: readonly Choice<T>[], initial?: T): Promise<T>;
  pickMany<T>(message: string, choices: readonly Choice<T>[], initial: readonly T[], least: 0 | 1): Promise<T[]>;
  confirm(message: string, initial?: boolean): Promise<boolean>;
  /** Does something that takes a moment, and can be broken off: what comes of it then is not waited for. */
  busy<T>(work: () => Promise<T>, message?: string): Promise<T>;
  /** Looks again and again until there is something. */
  waitFor<T>(message: string, look: () => Promise<T | undefined>): Promise<T>;
}
