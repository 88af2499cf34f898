import type { AccountDirectory } from './account-directory.js';
import type { AccountPicker } from './account-picker.js';
import type { Jellyfin } from './jellyfin-port.js';
import type { History } from './history.js';
import type { Links } from './links.js';
import type { LinkProofs } from './link-proofs.js';
import type { MemberSearch } from './member-search-port.js';
import type { Members } from './members-port.js';
import type { NotMe } from './not-me.js';
import type { Permissions } from './permissions.js';
import type { RequestVoice } from './request-voice.js';
import type { Requests } from './requests.js';
import type { Rescues } from './rescues.js';
import type { Resets } from './resets.js';
import type { StandingCards } from './standing-cards.js';
import type { SignOuts } from './sign-outs.js';
import type { SignIns } from './sign-ins.js';
import type { TempPasswordStore } from './temp-password.js';
import type { SignInPicture } from './sign-in-picture.js';
import type { Unlocks } from './unlocks.js';
import type { WordPreferences } from './word-preferences.js';

/** Everything a command may ask for; each names in its factory the few it uses. */
export interface Services {
  readonly accounts: AccountDirectory;
  readonly picker: AccountPicker;
  readonly jellyfin: Pick<Jellyfin, 'getAccount' | 'listAccounts' | 'serverInfo'>;
  readonly history: History;
  readonly links: Links;
  readonly picture: SignInPicture;
  readonly linkProofs: Pick<LinkProofs, 'begin'>;
  readonly memberSearch: MemberSearch;
  readonly signIns: SignIns;
  readonly wordPreferences: WordPreferences;
  readonly members: Members;
  readonly notMe: NotMe;
  readonly permissions: Permissions;
  readonly requests: Requests;
  readonly rescues: Rescues;
  readonly resets: Resets;
  readonly standing: Pick<StandingCards, 'keep' | 'remove' | 'post' | 'round'>;
  readonly signOuts: SignOuts;
  readonly unlocks: Unlocks;
  readonly tempPasswords: Pick<TempPasswordStore, 'outstanding'>;
  readonly voice: RequestVoice;
  readonly now: () => number;
}
