import type { Button } from '../../discord/parts.js';
import type { Translate } from '../../words.js';

/** The buttons of an owner, who asks the admins. */
export const askEnableButton = (t: Translate, accountId: string): Button => ({
  id: `status:ask-enable:${accountId}`,
  label: t('buttons.askEnable'),
  style: 'success',
});
export const askProviderButton = (t: Translate, accountId: string): Button => ({
  id: `status:ask-provider:${accountId}`,
  label: t('buttons.askProvider'),
  style: 'primary',
});

/** Looks into Jellyfin's log. */
export const whyButton = (t: Translate, accountId: string): Button => ({
  id: `status:why:${accountId}`,
  label: t('buttons.why'),
});

/** The buttons of an admin, each of which puts a question first. */
export const enableButton = (t: Translate, accountId: string): Button => ({
  id: `status:enable:${accountId}`,
  label: t('buttons.enable'),
  style: 'success',
});
export const providerButton = (t: Translate, accountId: string): Button => ({
  id: `status:provider:${accountId}`,
  label: t('buttons.provider'),
});
