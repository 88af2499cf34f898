import type { SignInDay } from './history-store.js';

/** What a picture says in words: it is drawn in the language of whoever asked. */
export interface PictureWords {
  readonly title: string;
  readonly failed: string;
  readonly locked: string;
  /** For the days below the bars, such as `de`. */
  readonly locale: string;
}

/** Draws failed sign-ins and lockouts by day as a PNG, off the bot's own thread. */
export interface SignInPicture {
  /** Undefined, and a word in the log, where this machine cannot draw. */
  draw(days: readonly SignInDay[], words: PictureWords): Promise<Buffer | undefined>;
}
