import type { Translate } from '../words.js';
import type { Button } from './parts.js';

/** Links whoever presses it by a code that they confirm: it needs nobody else. */
export const proveButton = (t: Translate): Button => ({ id: 'link:prove:me', label: t('buttons.proveLink') });

/** Asks the admins to link whoever presses it. */
export const askLinkButton = (t: Translate): Button => ({ id: 'link:ask:me', label: t('buttons.askLink') });
