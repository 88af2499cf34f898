import { AppError } from '../errors.js';
import { defineCommand } from '../discord/command.js';
import { escapeText } from '../discord/escape.js';
import { admins } from '../discord/guards.js';
import { answer, colours } from '../discord/parts.js';
import type { Services } from '../services/services.js';
import { accountChoices, linkOptions } from './accounts/account-choice.js';

/** `/unlink member user`: an admin takes a link away. */
export default ({ picker, links, history }: Pick<Services, 'picker' | 'links' | 'history'>) =>
  defineCommand({
    data: {
      type: 'slash',
      name: 'unlink',
      where: 'server',
      description: 'commands.unlink',
      options: linkOptions,
    },
    guards: [admins],
    run: async ({ actor, t, member, text }) => {
      const who = member('member');
      const name = text('user');
      if (!who || name === undefined) throw new AppError('linkNeedsBoth');
      const { accountName } = await links.unlink(actor, who.id, name);
      const params = { member: `<@${who.id}>`, account: escapeText(accountName) };
      const forget = { id: `unlink:forget:${who.id}`, label: t('forget.button'), style: 'danger' } as const;
      return { answer: answer([t('link.undone', params), t('forget.offer', params), [forget]], colours.good) };
    },
    choices: { user: accountChoices(picker) },
    buttons: {
      forget: {
        acknowledge: 'update',
        guards: [admins],
        run: async ({ actor, t, id }) => {
          await history.forget(actor, id);
          return { update: answer([t('forget.done', { member: `<@${id}>` })], colours.good) };
        },
      },
    },
  });
