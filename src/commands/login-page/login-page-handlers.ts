import {
  type Context,
  type Handlers,
  type ModalContext,
  type Reply,
  withForm,
  inPlace,
  inPrivate,
} from '../../discord/command.js';
import { escapeText } from '../../discord/escape.js';
import { form } from '../../discord/form.js';
import { admins } from '../../discord/guards.js';
import { answer, type Button, colours, type MessageBody } from '../../discord/parts.js';
import type { Services } from '../../services/create-services.js';
import type { SentencesFor, Translate } from '../../words.js';

/** What the line says, in the household's language. */
export const loginPageLine = (sentencesFor: SentencesFor) => (link: string | undefined) =>
  link === undefined ? sentencesFor()('loginPage.line') : sentencesFor()('loginPage.lineLink', { link });

/** Opens what an admin can do about the line on the login page. */
export const loginPageButton = (t: Translate): Button => ({ id: 'help:login-page:here', label: t('loginPage.button') });

/** One line on Jellyfin's login page that says where to ask: shown, put there, taken away. */
export function loginPageHandlers({ loginPage }: Pick<Services, 'loginPage'>) {
  const shown = async ({ t }: Context): Promise<MessageBody> => {
    const line = await loginPage.current();
    const about = t('loginPage.about');
    if (line === undefined) return answer([about, quoted(t('loginPage.wouldSay'), loginPage.preview()), [put(t)]]);
    return answer([about, quoted(t('loginPage.says'), line), [put(t, 'loginPage.anew'), remove(t)]]);
  };

  async function putThere(context: ModalContext): Promise<Reply> {
    const { actor, t, field } = context;
    const line = await loginPage.put(actor, field('link'));
    return { update: answer([quoted(t('loginPage.done'), line), [remove(t)]], colours.good) };
  }

  async function takeAway({ actor, t }: Context): Promise<Reply> {
    await loginPage.remove(actor);
    return { update: answer([t('loginPage.removed'), [put(t)]], colours.good) };
  }

  return {
    buttons: {
      'login-page': inPrivate(admins, async (context) => ({ answer: await shown(context) })),
      'login-put': withForm(admins, ({ t }) =>
        form('help:login-put:here', t('loginPage.formTitle'), [
          {
            id: 'link',
            label: t('loginPage.link'),
            hint: t('loginPage.linkHint'),
            length: { max: 200 },
            isOptional: true,
          },
        ]),
      ),
      'login-remove': inPlace(admins, takeAway),
    },
    modals: { 'login-put': inPlace(admins, putThere) },
  } satisfies Handlers;
}

const put = (t: Translate, label: 'loginPage.put' | 'loginPage.anew' = 'loginPage.put'): Button => ({
  id: 'help:login-put:here',
  label: t(label),
  style: 'primary',
});

const remove = (t: Translate): Button => ({ id: 'help:login-remove:here', label: t('loginPage.remove') });

/** What an administrator wrote into the line since is quoted as text. */
function quoted(lead: string, line: string): string {
  return `${lead}\n> ${escapeText(line, 500)}`;
}
