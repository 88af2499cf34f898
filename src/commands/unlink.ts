import { AppError } from '../errors.js';
import { defineCommand, inPlace } from '../discord/command.js';
import { admins } from '../discord/guards.js';
import { answer, colours } from '../discord/parts.js';
import type { Services } from '../services/create-services.js';
import { linkSentence, readPair, undoButton, undone } from './links/undo-link.js';
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
    guard: admins,
    run: async ({ actor, t, member, text }) => {
      const who = member('member');
      const name = text('user');
      if (!who || name === undefined) throw new AppError('linkNeedsBoth');
      const link = await links.unlink(actor, who.id, name);
      const done = linkSentence(t, 'undone', link);
      // An administrator's account is linked by proof only.
      const undo = link.isAdministrator ? [] : [undoButton(t, 'unlink', link)];
      if (who.inServer) return { answer: answer([done, ...(undo.length > 0 ? [undo] : [])], colours.good) };
      const forget = { id: `unlink:forget:${who.id}`, label: t('forget.button'), style: 'danger' } as const;
      const offer = t('forget.offer', { member: `<@${who.id}>` });
      return { answer: answer([done, offer, [forget]], colours.good) };
    },
    choices: { user: accountChoices(picker) },
    buttons: {
      undo: inPlace(admins, async ({ actor, t, id }) => {
        const { accountId, memberId } = readPair(id);
        const link = await links.link(actor, memberId, accountId);
        return { update: undone(t, 'done', link, [undoButton(t, 'link', link)]) };
      }),
      forget: inPlace(admins, async ({ actor, t, id }) => {
        await history.forget(actor, id);
        return { update: answer([t('forget.done', { member: `<@${id}>` })], colours.good) };
      }),
    },
  });
