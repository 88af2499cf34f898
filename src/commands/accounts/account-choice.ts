import type {
  ChoicesHandler,
  ComponentContext,
  ComponentHandler,
  CommandContext,
  Context,
  Reply,
} from '../../discord/command.js';
import { label } from '../../discord/escape.js';
import { everyone } from '../../discord/guards.js';
import { answer } from '../../discord/parts.js';
import type { AccountPicker } from '../../services/accounts/account-picker.js';

/** Discord takes 25 options in a select, and as many choices. */
const mostOptions = 25;

/** Autocomplete for every option that is a Jellyfin account: names to read, ids as values. */
export function accountChoices(picker: AccountPicker): ChoicesHandler {
  return {
    guards: [everyone],
    run: async ({ actor, typed }) =>
      (await picker.suggest(actor, typed))
        .slice(0, mostOptions)
        .map(({ id, name }) => ({ name: label(name, 100), value: id })),
  };
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
  if (picked.kind === 'one') return act(context, picked.id);
  const { t } = context;
  const options = picked.accounts.slice(0, mostOptions).map(({ id, name }) => ({ label: label(name, 100), value: id }));
  const select = { id: `${command}:pick:account`, placeholder: t('pick.placeholder'), options };
  const more = picked.accounts.length > mostOptions ? [t('pick.more')] : [];
  return { answer: answer([t('pick.which'), select, ...more]) };
}

/** Handles the select that `withAccount` draws. */
export function pickedAccount(act: (context: Context, accountId: string) => Promise<Reply>): ComponentHandler {
  return {
    acknowledge: 'private',
    guards: [everyone],
    run: (context: ComponentContext) => act(context, context.values[0] ?? ''),
  };
}
