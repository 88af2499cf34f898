import type { SeenCue } from '../shared.js';

/** What is done next, as a sentence without its beginning. */
export function wordsOf(cue: SeenCue, nameOf: (id: string) => string): string {
  const name = 'who' in cue ? nameOf(cue.who) : '';
  switch (cue.kind) {
    case 'types': {
      const options = Object.entries(cue.options).map(([option, { shown }]) => `${option}: ${shown}`);
      return `${name} types ${[cue.line, ...options].join(' ')}`;
    }
    case 'presses':
      return `${name} presses “${cue.label}”`;
    case 'fills in':
      return `${name} writes “${Object.values(cue.fields).join(', ')}” and sends it`;
    case 'signs in':
      return `on the television: ${cue.words} (${cue.account} / ${cue.password})`;
    case 'asks for a code':
      return 'the television asks for a Quick Connect code';
    case 'happens':
      return cue.words;
  }
}
