import { germanFrame } from './german-frame.js';
import { inGerman } from './german-told.js';
import { remembered } from './remembered.js';

/** A sentence of the page itself, in English; a value stands in it as {name}. */
export type Sentence = keyof typeof germanFrame;

/** The language of the page around the phones; each phone speaks its owner's. */
export const language = remembered('language') ?? (navigator.language.startsWith('de') ? 'de' : 'en');

/** Says a sentence of the page in its language. */
export function say(english: Sentence, values: Readonly<Record<string, string>> = {}): string {
  const sentence: string = language === 'de' ? germanFrame[english] : english;
  return sentence.replace(/\{(\w+)\}/g, (_all, name: string) => values[name] ?? '');
}

/** Says what the playground tells (a story, a problem) in the page's language; in English where there is no German for it. */
export function told(english: string): string {
  return (language === 'de' ? inGerman(english) : undefined) ?? english;
}

/** Shows the page in its other language: it is drawn anew, as after a reload. */
export function switchLanguage(): void {
  remembered('language', language === 'de' ? 'en' : 'de');
  location.reload();
}
