import type { SeenCue } from '../shared.js';
import { say, told } from './say.js';

/** What is done next, as a sentence without its beginning. */
export function wordsOf(cue: SeenCue, nameOf: (id: string) => string): string {
  const who = 'who' in cue ? nameOf(cue.who) : '';
  switch (cue.kind) {
    case 'types': {
      const options = Object.entries(cue.options).map(([option, { shown }]) => `${option}: ${shown}`);
      return say('{who} types {line}', { who, line: [cue.line, ...options].join(' ') });
    }
    case 'presses':
      return say('{who} presses “{label}”', { who, label: cue.label });
    case 'fills in':
      return say('{who} writes “{words}” and sends it', { who, words: Object.values(cue.fields).join(', ') });
    case 'signs in': {
      const { account, password } = cue;
      return say('on the television: {words} ({account} / {password})', { words: told(cue.words), account, password });
    }
    case 'asks for a code':
      return say('the television asks for a Quick Connect code');
    case 'happens':
      return told(cue.words);
  }
}
