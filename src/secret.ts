import { inspect } from 'node:util';

/** The variables that hold one, and for which `NAME_FILE` may name a file that holds the value. */
export const secretNames = ['DISCORD_TOKEN', 'JELLYFIN_API_KEY'] as const;

/** A value that printing, serialising or concatenating does not show; `reveal()` is the one way to it. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }

  [inspect.custom](): string {
    return '[secret]';
  }
}
