import { defineCommand, type Context, inPrivate } from '../discord/command.js';
import { admins, everyone } from '../discord/guards.js';
import { answer, colours, rule, type Part } from '../discord/parts.js';
import { whichAccount } from '../discord/which-account.js';
import { helps } from '../services/members/actor.js';
import type { Services } from '../services/create-services.js';
import { loginPageButton, loginPageHandlers } from './login-page/login-page-handlers.js';

/** `/help`: what this person can do, and no more; from here admins post *Cannot sign in?* into a channel. */
export default ({ picker, signInHelp, loginPage }: Pick<Services, 'picker' | 'signInHelp' | 'loginPage'>) => {
  const { buttons, ...handlers } = loginPageHandlers({ loginPage });
  return defineCommand({
    data: { type: 'slash', name: 'help', where: 'anywhere', description: 'commands.help' },
    guard: everyone,
    run: (context) => {
      const { actor, t, channelId } = context;
      const words = paragraphs(context, picker.accountsOf(actor.id).length > 0);
      return {
        answer: answer(actor.rank === 'admin' && channelId !== undefined ? [...words, rule, ...putUp(t)] : words),
      };
    },
    ...handlers,
    buttons: {
      ...buttons,
      // Stands on the first card in the admin channel.
      'put-up': inPrivate(admins, ({ t }) => ({ answer: answer(putUp(t)) })),
    },
    selects: {
      post: inPrivate(admins, async ({ actor, t, values: [channelId = ''] }) => {
        await signInHelp.post(actor, channelId);
        return { answer: answer([t('help.posted', { channel: `<#${channelId}>` })], colours.good) };
      }),
    },
  });
};

const putUp = (t: Context['t']): Part[] => [
  t('help.post'),
  { id: 'help:post:card', channelPlaceholder: t('help.postPlaceholder') },
];

function paragraphs({ actor, t }: Context, ownsAny: boolean): Part[] {
  const owned = helps(actor) ? t('help.ownAtOnce') : t('help.own');
  return [
    t('help.lead'),
    rule,
    ...(ownsAny ? [owned] : whichAccount(t, actor.rank)),
    ...(helps(actor) ? [rule, t('help.helper')] : []),
    ...(actor.rank === 'admin' ? [rule, t('help.admin'), [loginPageButton(t)]] : []),
  ];
}
