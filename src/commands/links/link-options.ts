import type { Command } from '../../discord/command.js';

type Options = NonNullable<Extract<Command['data'], { type: 'slash' }>['options']>;

/** The options of the commands that make and take away a link. */
export const linkOptions: Options = [
  { name: 'member', kind: 'member', description: 'commands.option.member' },
  { name: 'user', kind: 'account', description: 'commands.option.account' },
];
