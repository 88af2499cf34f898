import { escapeText, label, longestName } from '../../discord/escape.js';
import { type Button, type Select, seconds, who } from '../../discord/parts.js';
import type { Account, Restriction } from '../../services/accounts/account.js';
import { isOpen, lengthsOf, type Pass } from '../../services/passes/pass.js';
import { type Request, type PassLength, type PassTerms } from '../../services/requests/request.js';
import type { Services } from '../../services/create-services.js';
import type { Translate } from '../../words.js';
import { listOf } from '../shared/lists.js';

const mostDevices = 5;

/** The button behind which a pass is chosen. */
function passButton(t: Translate, accountId: string, whose: 'own' | 'outside' | 'theirs'): Button {
  const labels = { own: 'buttons.pass', outside: 'buttons.passOutside', theirs: 'buttons.passThem' } as const;
  return { id: `status:pass:${accountId}`, label: t(labels[whose]) };
}

/** What is open for a while (`open`), with the buttons that end it, and the button behind which a pass is chosen (`ask`). */
export function passParts(
  { passes }: Pick<Services, 'passes'>,
  t: Translate,
  account: Account,
  isOwn: boolean,
): { readonly open: string[]; readonly end: Button[]; readonly ask: Button } {
  const open = passes.ofAccount(account.id);
  const canOpen = passes.canOpen(account);
  const isOutside = canOpen.length === 1 && canOpen[0] === 'remote';
  return {
    open: open.map(({ restriction, endsAt }) => t('pass.line', { restriction, at: seconds(endsAt ?? 0) })),
    end: open.map((pass) => endButton(t, pass, open.length > 1)),
    ask: passButton(t, account.id, !isOwn ? 'theirs' : isOutside ? 'outside' : 'own'),
  };
}

/** Every restriction with every length. */
export function passSelect(t: Translate, accountId: string, canOpen: readonly Restriction[]): Select {
  const options = canOpen.flatMap((restriction) =>
    lengthsOf(restriction).map((lasts) => ({
      label: t('pass.option', { restriction, lasts }),
      value: `${restriction}.${lasts}`,
    })),
  );
  return { id: `status:pass:${accountId}`, placeholder: t('pass.placeholder'), options };
}

/** Reads what was chosen there; undefined for what no select of ours offers. */
export function chosenTerms(value: string, canOpen: readonly Restriction[]): PassTerms | undefined {
  const [wanted, length] = value.split('.');
  const restriction = canOpen.find((each) => each === wanted);
  const lasts = restriction && lengthsOf(restriction).find((each: PassLength) => each === length);
  return restriction && lasts && { restriction, lasts };
}

/** *End now*, which says what where there are several. */
export function endButton(t: Translate, { id, restriction }: Pass, isOneOfSeveral = false): Button {
  return {
    id: `status:end-pass:${id}`,
    label: isOneOfSeveral ? label(t('pass.endIt', { restriction }), 80) : t('buttons.passEnd'),
  };
}

/** How a pass stands, for the card of its request; undefined while it was not opened. */
export function passState(t: Translate, pass: Pass): string | undefined {
  const { openedAt, endsAt, endedAt, endedBy, end, failure, signedIn } = pass;
  if (openedAt === undefined) return undefined;
  if (isOpen(pass)) {
    if (failure !== undefined) return t('pass.card.stuck', { why: t(`errors.${failure}`) });
    return t('pass.card.open', { at: seconds(endsAt ?? 0) });
  }
  const lines = [t(`pass.card.${end ?? 'putBack'}`, { at: seconds(endedAt ?? 0) })];
  if (endedBy !== undefined) lines.push(t('pass.card.by', { by: who(t, endedBy) }));
  if (end === 'putBack' && signedIn.length > 0) {
    const devices = signedIn.slice(0, mostDevices).map(({ name }) => escapeText(name, longestName));
    lines.push(t('pass.card.devices', { devices: listOf(t, devices, signedIn.length) }));
  }
  return lines.join('\n');
}

/** What stands on the lock screen of a card whose pass is over; undefined while it is not. */
export function passOver(t: Translate, request: Request, { end, endedAt, restriction }: Pass): string | undefined {
  if (endedAt === undefined || end === 'forGood') return undefined;
  const names = { account: escapeText(request.accountName), member: who(t, request.memberId) };
  return t('pass.card.over', { ...names, restriction });
}
