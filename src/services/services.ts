import type { AccountDirectory } from './account-directory.js';
import type { AccountPicker } from './account-picker.js';
import type { Jellyfin } from './jellyfin-port.js';
import type { Links } from './links.js';
import type { Members } from './members-port.js';
import type { PinWatch } from './pin-watch.js';
import type { Permissions } from './permissions.js';
import type { RequestVoice } from './request-voice.js';
import type { Requests } from './requests.js';
import type { Rescues } from './rescues.js';
import type { Pace } from './pace.js';
import type { Resets } from './resets.js';
import type { SelfUnlocks } from './self-unlocks.js';
import type { TempPasswordStore } from './temp-password.js';
import type { Unlocks } from './unlocks.js';

/** Everything a command may ask for; each names in its factory the few it uses. */
export interface Services {
  readonly accounts: AccountDirectory;
  readonly picker: AccountPicker;
  readonly jellyfin: Pick<Jellyfin, 'getAccount' | 'listAccounts' | 'serverInfo'>;
  readonly links: Links;
  readonly members: Members;
  readonly pace: Pace;
  readonly permissions: Permissions;
  /** Where Jellyfin's folder can be watched. */
  readonly pins: Pick<PinWatch, 'notMe'> | undefined;
  readonly requests: Requests;
  readonly rescues: Rescues;
  readonly resets: Resets;
  readonly selfUnlocks: SelfUnlocks;
  readonly unlocks: Unlocks;
  readonly tempPasswords: Pick<TempPasswordStore, 'outstanding'>;
  readonly voice: RequestVoice;
  readonly now: () => number;
}
