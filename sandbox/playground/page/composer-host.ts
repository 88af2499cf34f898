import type { ActAnswer } from '../shared.js';
import type { TypedCommand } from './commands.js';
import type { Choice } from './sheet.js';
import type { Words } from './words.js';

/** What the message line needs of its phone. */
export interface ComposerHost {
  words(): Words;
  commands(): readonly TypedCommand[];
  people(): readonly Choice[];
  channels(): readonly Choice[];
  complete(line: string, name: string, words: string, filled: Record<string, string>): Promise<ActAnswer>;
  command(line: string, options: Record<string, string | boolean>): void;
  says(words: string): void;
}
