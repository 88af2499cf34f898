import { escapeText } from '../../discord/escape.js';
import { colours, notice, type MessageBody, who } from '../../discord/parts.js';
import {
  deniedButtonId,
  notMySignInButtonId,
  type DeviceSignIn,
  type SignInMessages,
} from '../../services/sign-in/device-sign-in.js';
import type { SentencesFor } from '../../words.js';

/** What people are told unasked about devices that were signed in with a code. */
export class DiscordSignInMessages implements SignInMessages {
  constructor(
    private readonly sentencesFor: SentencesFor,
    private readonly adminRoleIds: readonly string[],
  ) {}

  signedIn(ownerId: string, { id, memberId, accountName }: DeviceSignIn): MessageBody {
    const t = this.sentencesFor(ownerId);
    const notMe = t('lockout.notMe');
    const what = t('signin.told', { name: escapeText(accountName), by: who(t, memberId) });
    const button = { id: notMySignInButtonId(id), label: notMe, style: 'danger' } as const;
    return notice(what, { colour: colours.waiting, text: t('signin.toldNext', { notMe }) }, [[button]]);
  }

  signInDenied(signIn: DeviceSignIn): MessageBody {
    const t = this.sentencesFor();
    const roles = this.adminRoleIds.map((id) => `<@&${id}>`).join(' ');
    const by = who(t, signIn.memberId);
    const params = { roles, member: who(t, signIn.deniedBy ?? ''), by, name: escapeText(signIn.accountName) };
    const text = t(`signin.${signIn.signedOutAt === undefined ? 'deniedNotOut' : 'deniedOut'}`, params);
    const button = { id: deniedButtonId(signIn), label: t('signOut.button') };
    return notice(t('signin.denied', params), { colour: colours.waiting, text }, [[button]], {
      roles: this.adminRoleIds,
    });
  }
}
