import { AppError } from '../errors.js';
import { defineCommand, type Context, type Reply } from '../discord/command.js';
import { everyone } from '../discord/guards.js';
import { answer } from '../discord/parts.js';
import { helps } from '../services/actor.js';
import type { Services } from '../services/services.js';
import { accountCard, accountCards } from './drawn/account-card.js';
import { accountChoices, pickedAccount, withAccount } from './drawn/account-choice.js';
import { householdParts } from './drawn/household.js';

type Needs = Pick<
  Services,
  'pins' | 'picker' | 'jellyfin' | 'permissions' | 'requests' | 'selfUnlocks' | 'tempPasswords' | 'now'
>;

/** `/status [user]`: why somebody cannot sign in; for helpers, how the whole household stands. */
export default (services: Needs) => {
  const { picker, jellyfin, pins } = services;

  async function one(context: Context, accountId: string): Promise<Reply> {
    const isOwn = picker.accountsOf(context.actor.id).some((each) => each.id === accountId);
    if (!isOwn && !helps(context.actor)) throw new AppError('accountNotYours');
    return { answer: answer(await accountCard(services, context, await jellyfin.getAccount(accountId))) };
  }

  /** All accounts of the person, one below the other. */
  async function own(context: Context): Promise<Reply> {
    const mine = picker.accountsOf(context.actor.id);
    if (mine.length === 0) throw new AppError('notLinked');
    return { answer: answer(await accountCards(services, context, mine)) };
  }

  return defineCommand({
    data: {
      type: 'slash',
      name: 'status',
      where: 'anywhere',
      description: 'commands.status',
      options: [{ name: 'user', kind: 'account', description: 'commands.option.user' }],
    },
    guards: [everyone],
    run: async (context) => {
      if (context.text('user') !== undefined) return withAccount(picker, context, 'status', one);
      if (helps(context.actor)) return { answer: answer(await householdParts(services, context)) };
      return own(context);
    },
    choices: { user: accountChoices(picker) },
    selects: { pick: pickedAccount(one) },
    buttons: {
      // Stands on direct messages about a request; whoever presses sees what is theirs.
      check: { acknowledge: 'private', guards: [everyone], run: own },
      // Stands on the message with a PIN: somebody else asked for it.
      'not-me': {
        acknowledge: 'private',
        guards: [everyone],
        run: async ({ id, actor, t }) => {
          if (!pins) throw new AppError('cardOutdated');
          await pins.notMe(Number(id), actor);
          return { answer: answer([t('pinWord.notMeThanks')]) };
        },
      },
    },
  });
};
