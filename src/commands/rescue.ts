import {
  defineCommand,
  type ComponentContext,
  type Context,
  type Reply,
  inPlace,
  inPrivate,
} from '../discord/command.js';
import { admins } from '../discord/guards.js';
import { answer } from '../discord/parts.js';
import type { Pressed } from '../services/rescue/rescue-question.js';
import type { Services } from '../services/create-services.js';
import { accountChoices, accountCommand, accountSelect } from './accounts/account-choice.js';

/** `/rescue [user]`: the administrator's way back, which goes on in direct messages. */
export default ({ rescues, rescueRights }: Pick<Services, 'rescues' | 'rescueRights'>) => {
  async function start({ actor, t }: Context, accountId: string): Promise<Reply> {
    await rescues.start(actor, accountId);
    return { answer: answer([t('rescueCard.started')]) };
  }

  // The card is kept up to date by the service, as it changes without a press, too.
  const press = (answer: Pressed) =>
    inPlace(admins, async ({ id, page, actor }: ComponentContext): Promise<Reply> => {
      await rescues.answer(Number(id), page, answer, actor);
      return {};
    });

  return defineCommand({
    data: accountCommand('rescue', 'rescueUser'),
    guard: admins,
    run: async (context) => {
      const found = await rescueRights.find(context.actor, context.text('user'));
      const [first, second] = found;
      if (first && !second) return start(context, first.id);
      const { t } = context;
      return {
        answer: answer([t('pick.which'), accountSelect('rescue:pick:account', t('pick.placeholder'), found)]),
      };
    },
    choices: { user: accountChoices(rescueRights, admins) },
    selects: {
      pick: inPrivate(admins, (context) => start(context, context.values[0] ?? '')),
    },
    buttons: { yes: press('yes'), 'new-password': press('newPassword'), no: press('no') },
  });
};
