import type { Play } from './play.js';
import { assistedReset } from './stories/assisted-reset.js';
import { codeOnTelevision } from './stories/code-on-television.js';
import { deniedRequest } from './stories/denied-request.js';
import { firstLink } from './stories/first-link.js';
import { forgottenAdministrator } from './stories/forgotten-administrator.js';
import { forgottenPassword } from './stories/forgotten-password.js';
import { lockedAccount } from './stories/locked-account.js';
import { lockedAdministrator } from './stories/locked-administrator.js';
import { lockoutSeenFirst } from './stories/lockout-seen-first.js';

/** A story, and what a menu says of it. */
export interface Story {
  readonly id: string;
  readonly title: string;
  readonly tell: (play: Play) => Promise<void>;
  /** What it needs of Leo: that he is linked, or that he is not yet. */
  readonly leo?: 'linked' | 'not linked';
}

/** A day and the next, as they come. */
export const stories: readonly Story[] = [
  { id: 'assisted-reset', title: 'Maya forgot her password', tell: assistedReset },
  { id: 'first-link', title: 'Leo links himself, with a code', tell: firstLink, leo: 'not linked' },
  { id: 'code-on-television', title: 'Leo signs the television in', tell: codeOnTelevision, leo: 'linked' },
  { id: 'lockout-seen-first', title: 'A friend guesses at Leo’s password', tell: lockoutSeenFirst, leo: 'linked' },
  { id: 'forgotten-password', title: 'Gran forgets her new password', tell: forgottenPassword },
  { id: 'locked-account', title: 'Leo locked himself out', tell: lockedAccount, leo: 'linked' },
  { id: 'denied-request', title: 'Dad says no', tell: deniedRequest, leo: 'linked' },
  { id: 'forgotten-administrator', title: 'Dad forgot the administrator’s password', tell: forgottenAdministrator },
  { id: 'locked-administrator', title: 'The only administrator is locked out', tell: lockedAdministrator },
];
