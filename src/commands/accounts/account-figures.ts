import { seconds } from '../../discord/parts.js';
import { wrongPasswords, type Account } from '../../services/accounts/account.js';
import type { Translate } from '../../words.js';

/** The figures of an account as it is at this moment. */
export function accountFigures(t: Translate, account: Account): string {
  return figures(t, { ...account, failedSignIns: wrongPasswords(account) });
}

/** Failed sign-ins and when the account was last seen, in one short line. */
export function figures(
  t: Translate,
  account: { failedSignIns: number; signInLimit: number; lastSeen?: Date | number | undefined },
): string {
  const failed = account.failedSignIns;
  const count =
    account.signInLimit > 0
      ? t('account.failed', { failed, limit: account.signInLimit })
      : t('account.failedNoLimit', { failed });
  const seen =
    account.lastSeen === undefined ? t('account.neverSeen') : t('account.lastSeen', { at: seconds(account.lastSeen) });
  return `${count} · ${seen}`;
}
