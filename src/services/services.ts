import type { AccountDirectory } from './accounts/account-directory.js';
import type { AccountPicker } from './accounts/account-picker.js';
import type { Ownership } from './accounts/ownership.js';
import type { Jellyfin } from './accounts/jellyfin-port.js';
import type { AccountDevices } from './devices/account-devices.js';
import type { Causes } from './causes/causes.js';
import type { Enabling } from './enabling/enabling.js';
import type { History, SignInPicture } from './history/history.js';
import type { Links } from './links/links.js';
import type { LinkProofs } from './links/link-proofs.js';
import type { LoginPage } from './login-page/login-page.js';
import type { MemberSearch, Members } from './members/member-lookup-port.js';
import type { LockoutStore } from './lockouts/lockout.js';
import type { Denials, NotMe } from './lockouts/not-me.js';
import type { PassEnds } from './passes/pass-ends.js';
import type { Passes } from './passes/passes.js';
import type { Permissions } from './accounts/permissions.js';
import type { OldApps } from './outages/old-apps.js';
import type { Outages } from './outages/outages.js';
import type { PasswordHandover } from './passwords/password-handover.js';
import type { PasswordMessages, TempPasswordStore } from './passwords/temp-password.js';
import type { Requests } from './requests/requests.js';
import type { RescueRights } from './rescue/rescue-rights.js';
import type { Rescues } from './rescue/rescues.js';
import type { Resets } from './passwords/password-resets.js';
import type { Takeovers } from './passwords/takeovers.js';
import type { SignInHelp } from './status-card/sign-in-help.js';
import type { StatusCards } from './status-card/status-cards.js';
import type { SignIns } from './sign-in/device-sign-in.js';
import type { Unlocks } from './unlocks/unlocks.js';
import type { MemberPreferences, WrittenAboutOf } from './members/member-preferences.js';

/** The ports that commands use as they are. */
export interface PortsForCommands {
  readonly stores: {
    readonly memberPreferences: MemberPreferences;
    readonly tempPasswords: Pick<TempPasswordStore, 'outstanding'>;
    readonly lockouts: Pick<LockoutStore, 'locked'>;
  };
  readonly members: Members;
  readonly memberSearch: MemberSearch;
  readonly writtenAbout: WrittenAboutOf;
  readonly picture: SignInPicture;
  readonly passwordMessages: Pick<PasswordMessages, 'passwordScrubbed'>;
  readonly now: () => number;
}

/** Everything a command may ask for; each names in its factory the few it uses. */
export interface Services {
  readonly picker: AccountPicker;
  readonly ownership: Pick<Ownership, 'assertOwn' | 'has'>;
  readonly causes: Causes;
  readonly enabling: Pick<Enabling, 'ask' | 'look' | 'enable'>;
  readonly takeovers: Takeovers;
  readonly accounts: Pick<AccountDirectory, 'latest'>;
  readonly jellyfin: Pick<Jellyfin, 'getAccount' | 'listAccounts' | 'serverInfo'>;
  readonly devices: AccountDevices;
  readonly history: History;
  readonly loginPage: LoginPage;
  readonly links: Links;
  readonly picture: SignInPicture;
  readonly linkProofs: Pick<LinkProofs, 'begin'>;
  readonly memberSearch: MemberSearch;
  readonly signIns: SignIns;
  readonly memberPreferences: MemberPreferences;
  readonly writtenAbout: WrittenAboutOf;
  readonly members: Members;
  readonly lockouts: Pick<LockoutStore, 'locked'>;
  readonly denials: Pick<Denials, 'facts'>;
  readonly notMe: NotMe;
  readonly passes: Pick<Passes, 'ask' | 'canOpen' | 'look' | 'ofAccount' | 'open'>;
  readonly passEnds: Pick<PassEnds, 'endNow'>;
  readonly permissions: Permissions;
  readonly requests: Requests;
  readonly rescues: Rescues;
  readonly rescueRights: RescueRights;
  readonly resets: Resets;
  readonly outages: Pick<Outages, 'look' | 'round'>;
  readonly oldApps: Pick<OldApps, 'look' | 'round'>;
  readonly statusCards: Pick<StatusCards, 'keep' | 'remove' | 'round'>;
  readonly signInHelp: SignInHelp;
  readonly unlocks: Unlocks;
  readonly tempPasswords: Pick<TempPasswordStore, 'outstanding'>;
  readonly passwordHandover: PasswordHandover;
  readonly passwordMessages: Pick<PasswordMessages, 'passwordScrubbed'>;
  readonly now: () => number;
}

/** The services that a status card shows. */
export type ShownOnStatusCards = Pick<
  Services,
  'accounts' | 'jellyfin' | 'links' | 'passes' | 'requests' | 'tempPasswords'
>;
