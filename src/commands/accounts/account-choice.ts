import {
  type ChoicesHandler,
  type ComponentContext,
  type ComponentHandler,
  type CommandContext,
  type Context,
  type Reply,
  type Command,
  inPrivate,
} from '../../discord/command.js';
import { label } from '../../discord/escape.js';
import { everyone } from '../../discord/guards.js';
import { answer, type Select } from '../../discord/parts.js';
import type { NamedAccount } from '../../services/accounts/account.js';
import type { AccountPicker } from '../../services/accounts/account-picker.js';
import type { Actor } from '../../services/members/actor.js';

/** Discord takes 25 options in a select, and as many choices. */
export const mostOptions = 25;

interface Suggests {
  suggest(actor: Actor, typed: string): Promise<readonly NamedAccount[]>;
}

/** Autocomplete for an option that is a Jellyfin account: names to read, ids as values. */
export function accountChoices(source: Suggests, guard = everyone): ChoicesHandler {
  return {
    guard,
    run: async ({ actor, typed }) =>
      (await source.suggest(actor, typed))
        .slice(0, mostOptions)
        .map(({ id, name }) => ({ name: label(name, 100), value: id })),
  };
}

/** A select of the first 25 accounts: names to read, ids as values. */
export function accountSelect(id: string, placeholder: string, accounts: readonly NamedAccount[]): Select {
  const options = accounts.slice(0, mostOptions).map(({ id, name }) => ({ label: label(name, 100), value: id }));
  return { id, placeholder, options };
}

/**
 * Does something with the account that was named, or with the person's own; asks which where there are several.
 * `byName`: what is done for a member who is linked to nothing and names an account.
 */
export async function withAccount(
  picker: AccountPicker,
  context: CommandContext,
  command: string,
  act: (context: Context, accountId: string) => Promise<Reply>,
  byName?: (context: Context, name: string) => Reply,
): Promise<Reply> {
  const name = context.text('user');
  if (byName && name !== undefined && picker.mayAskByName(context.actor, name)) return byName(context, name);
  const picked = await picker.pick(context.actor, name);
  if (picked.kind === 'one') return picker.orSuccessor(context.actor, picked.id, (id) => act(context, id));
  const { t } = context;
  const select = accountSelect(`${command}:pick:account`, t('pick.placeholder'), picked.accounts);
  const more = picked.accounts.length > mostOptions ? [t('pick.more')] : [];
  return { answer: answer([t('pick.which'), select, ...more]) };
}

/** Handles the select that `withAccount` draws. */
export function pickedAccount(act: (context: Context, accountId: string) => Promise<Reply>): ComponentHandler {
  return inPrivate(everyone, (context: ComponentContext) => act(context, context.values[0] ?? ''));
}

type Data = Extract<Command['data'], { type: 'slash' }>;

/** A command about one account, which may be left out. */
export function accountCommand(
  name: 'history' | 'rescue' | 'resetpw' | 'status' | 'unlock',
  user: 'user' | 'historyUser' | 'rescueUser' = 'user',
): Data {
  const options = [{ name: 'user', kind: 'account', description: `commands.option.${user}` }] as const;
  return { type: 'slash', name, where: 'anywhere', description: `commands.${name}`, options };
}

/** The options of the commands that make and take away a link. */
export const linkOptions: NonNullable<Data['options']> = [
  { name: 'member', kind: 'member', description: 'commands.option.member' },
  { name: 'user', kind: 'account', description: 'commands.option.account' },
];
