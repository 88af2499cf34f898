import { AppError } from '../errors.js';
import { defineCommand } from '../discord/command.js';
import { escapeText } from '../discord/escape.js';
import { admins, everyone } from '../discord/guards.js';
import { answer, colours } from '../discord/parts.js';
import type { Services } from '../services/services.js';
import { accountChoices } from './drawn/account-choice.js';
import { linkOptions } from './drawn/link-options.js';
import { askedAnswer } from './drawn/asked.js';

/** `/link member user`: an admin says whose account it is; and the button with which a member asks for that. */
export default ({ picker, links, requests }: Pick<Services, 'picker' | 'links' | 'requests'>) =>
  defineCommand({
    data: {
      type: 'slash',
      name: 'link',
      where: 'server',
      description: 'commands.link',
      options: linkOptions,
    },
    guards: [admins],
    run: async ({ actor, t, member, text }) => {
      const who = member('member');
      const name = text('user');
      if (!who || name === undefined) throw new AppError('linkNeedsBoth');
      if (who.isBot) throw new AppError('memberIsBot');
      if (!who.inServer) throw new AppError('memberUnknown');
      const found = await picker.account(name);
      const account = await links.link(actor, who.id, found.id);
      const params = { member: `<@${who.id}>`, account: escapeText(account.name) };
      return { answer: answer([t('link.done', params)], colours.good) };
    },
    choices: { user: accountChoices(picker) },
    buttons: {
      ask: {
        acknowledge: 'private',
        guards: [everyone],
        run: async ({ actor, t, inServer, channelId }) => {
          const asked = await requests.askForLink(actor, inServer ? channelId : undefined);
          return { answer: askedAnswer(t, asked) };
        },
      },
    },
  });
