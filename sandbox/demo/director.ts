import type { Person, SeenMessage } from '../discord/index.js';
import type { Paint } from './colours.js';

/** The next act of a story: enough for a screen to point at it, and for a person to do it by hand. */
export type Cue =
  | {
      readonly kind: 'types';
      readonly who: Person;
      readonly line: string;
      readonly options: Readonly<Record<string, Person | string>>;
    }
  | { readonly kind: 'presses'; readonly who: Person; readonly label: string; readonly on: SeenMessage }
  | { readonly kind: 'fills in'; readonly who: Person; readonly fields: Readonly<Record<string, string>> }
  | { readonly kind: 'signs in'; readonly words: string; readonly account: string; readonly password: string }
  | { readonly kind: 'asks for a code' }
  | { readonly kind: 'happens'; readonly words: string };

/** Decides when and by whom the acts of a story are done. */
export interface Director {
  /** Has an act done: by `act`, or by a person who does the same by hand; gives back the result of either. */
  turn<T>(cue: Cue, act: () => Promise<T>): Promise<T>;
  /** A person has this message before them. */
  looks(who: Person, message: SeenMessage): void;
}

/** Tells a story: on a terminal, or on a page. */
export interface Teller {
  readonly paint: Paint;
  heading(text: string): void;
  narrates(text: string): void;
  acts(who: string, where: string, what: string): void;
  shows(place: string, lines: readonly string[]): void;
  proves(claim: string): void;
}

/** Every act is done at once. */
export const atOnce: Director = {
  turn: (_cue, act) => act(),
  looks: () => undefined,
};
