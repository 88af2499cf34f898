import { AppError } from '../errors.js';
import { defineCommand } from '../discord/command.js';
import { helpers } from '../discord/guards.js';
import { answer } from '../discord/parts.js';
import type { Services } from '../services/services.js';
import { accountCards } from './drawn/account-card.js';

type Needs = Pick<Services, 'picker' | 'jellyfin' | 'permissions' | 'requests' | 'selfUnlocks' | 'now'>;

/** *Jellyfin account* in a member's menu: the same card as `/status user:` for that member. */
export default (services: Needs) =>
  defineCommand({
    data: { type: 'user-menu', name: 'Jellyfin account', id: 'account', where: 'server' },
    guards: [helpers],
    run: async (context) => {
      const memberId = context.target?.id ?? '';
      const accounts = services.picker.accountsOf(memberId);
      if (accounts.length === 0) throw new AppError('memberNotLinked', { member: `<@${memberId}>` });
      return { answer: answer(await accountCards(services, context, accounts)) };
    },
  });
