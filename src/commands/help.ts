import { defineCommand, type Context } from '../discord/command.js';
import { everyone } from '../discord/guards.js';
import { answer } from '../discord/parts.js';
import { helps } from '../services/actor.js';
import type { Services } from '../services/services.js';

/** `/help`: what this person can do, and no more. */
export default ({ picker }: Pick<Services, 'picker'>) =>
  defineCommand({
    data: { type: 'slash', name: 'help', where: 'anywhere', description: 'commands.help' },
    guards: [everyone],
    run: (context) => ({ answer: answer(paragraphs(context, picker.accountsOf(context.actor.id).length > 0)) }),
  });

function paragraphs({ actor, t }: Context, ownsAny: boolean): string[] {
  const own = ownsAny ? t('help.own') : t('help.notLinked');
  return [
    t('help.lead'),
    own,
    ...(helps(actor) ? [t('help.helper')] : []),
    ...(actor.rank === 'admin' ? [t('help.admin')] : []),
  ];
}
