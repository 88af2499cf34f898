import { option, type CommandOption } from './commands.js';
import type { ComposerHost } from './composer-host.js';
import type { Choice } from './sheet.js';

/** An option of a command on the message line. */
export interface Field {
  readonly option: CommandOption;
  readonly input: HTMLInputElement;
  /** What is sent, where it is not what stands there: an id for a name. */
  value: string | undefined;
}

/** What is sent for it. */
export function valueOf({ option: { type }, input, value }: Field): string | boolean {
  if (type === option.boolean) return value === 'true';
  return value ?? input.value.trim();
}

/** What it offers to choose from, where that is known without asking the bot. */
export function choicesOf(of: CommandOption, host: ComposerHost): readonly Choice[] {
  const words = host.words();
  if (of.choices.length > 0) return of.choices.map(({ name, value }) => ({ label: name, value }));
  if (of.type === option.user || of.type === option.mentionable) return host.people();
  if (of.type === option.channel) return host.channels();
  if (of.type !== option.boolean) return [];
  return [
    { label: words.yes, value: 'true' },
    { label: words.no, value: 'false' },
  ];
}
