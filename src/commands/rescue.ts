import { defineCommand, type ComponentContext, type Context, type Reply } from '../discord/command.js';
import { label } from '../discord/escape.js';
import { admins } from '../discord/guards.js';
import { answer } from '../discord/parts.js';
import type { Services } from '../services/services.js';

/** Discord takes 25 options in a select, and as many choices. */
const mostOptions = 25;

/** `/rescue [user]`: the administrator's way back, which goes on in direct messages. */
export default ({ rescues }: Pick<Services, 'rescues'>) => {
  async function start({ actor, t }: Context, accountId: string): Promise<Reply> {
    await rescues.start(actor, accountId);
    return { answer: answer([t('rescueCard.started')]) };
  }

  const press = (yes: boolean) => ({
    acknowledge: 'update' as const,
    guards: [admins],
    // The card is kept up to date by the service, as it changes without a press, too.
    run: async ({ id, page, actor }: ComponentContext): Promise<Reply> => {
      await rescues.answer(Number(id), page, yes, actor);
      return {};
    },
  });

  return defineCommand({
    data: {
      type: 'slash',
      name: 'rescue',
      where: 'anywhere',
      description: 'commands.rescue',
      options: [{ name: 'user', kind: 'account', description: 'commands.option.rescueUser' }],
    },
    guards: [admins],
    run: async (context) => {
      const found = await rescues.find(context.actor, context.text('user'));
      const [first, second] = found;
      if (first && !second) return start(context, first.id);
      const { t } = context;
      const options = found.slice(0, mostOptions).map(({ id, name }) => ({ label: label(name, 100), value: id }));
      return {
        answer: answer([t('pick.which'), { id: 'rescue:pick:account', placeholder: t('pick.placeholder'), options }]),
      };
    },
    choices: {
      user: {
        guards: [admins],
        run: async ({ actor, typed }) =>
          (await rescues.suggest(actor, typed))
            .slice(0, mostOptions)
            .map(({ id, name }) => ({ name: label(name, 100), value: id })),
      },
    },
    selects: {
      pick: { acknowledge: 'private', guards: [admins], run: (context) => start(context, context.values[0] ?? '') },
    },
    buttons: { yes: press(true), no: press(false) },
  });
};
