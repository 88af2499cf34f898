import type { SignedIn } from '../services/rescue/ladder/ports.js';
import type { Translate } from '../words.js';
import type { Application, DiscordSide, Person, Server, TextChannel } from './discord-side.js';
import type { FoundServer, JellyfinSide } from './jellyfin-side.js';
import type { SetupUi } from './ui.js';
import type { Env } from '../settings-text.js';

/** What a set-up has learned so far; nothing of it is written anywhere before the end. */
export interface Draft {
  token: string;
  application: Application;
  discord: DiscordSide;
  server: Server;
  adminRoleIds: readonly string[];
  helperRoleIds: readonly string[];
  channelId: string;
  jellyfin: FoundServer;
  publicUrl: string | undefined;
  /** One that works already: kept, or pasted. */
  key: string | undefined;
  /** An administrator's, from which a key is made in the end; signed out whatever happens. */
  session: SignedIn | undefined;
  owner: Owner | undefined;
  rescue: Env;
  extras: readonly Extra[];
  /** Where the card is put up; undefined where none is wished. */
  cardChannel: Pick<TextChannel, 'id' | 'name'> | undefined;
  /** Whether the bot is started when everything is written. */
  starts: boolean;
}

/** Who is linked to the administrator's account that was proved. */
export interface Owner extends Person {
  readonly accountId: string;
}

/**
 * What a set-up does besides, where it is wished; each can be done later as well. `loginLine`: a line on Jellyfin's login
 * page. `card`: *Cannot sign in?* in a channel.
 */
export type Extra = 'rescue' | 'loginLine' | 'card' | 'picture';

/** What surrounds a set-up. */
export interface Surroundings {
  readonly ui: SetupUi;
  readonly t: Translate;
  /** The settings from before, which are offered as answers. */
  readonly before: Env;
  readonly discordUrl: string;
  readonly discover: () => Promise<FoundServer[]>;
  readonly jellyfinSide: (url: string) => JellyfinSide;
  /** Opens an address in this computer's browser; false where there is none. */
  readonly browse: (url: string) => boolean;
  /** An address as a picture for a phone's camera. */
  readonly qrCode: (text: string) => string | undefined;
  /** Whether the bot can be started by this very process; in a container that goes away it is another one's. */
  readonly startsHere: boolean;
  /** The rescue settings that fit a Jellyfin on this computer; undefined where there is none. */
  readonly findOwnServer: () => Promise<OwnServer | undefined>;
}

/** A Jellyfin whose folder is on this computer. */
export interface OwnServer {
  readonly folder: string;
  readonly isReadable: boolean;
  readonly settings: Env;
}

/** One step of the way: asks, and puts the answers into the draft. False where there was nothing to ask. Throws Leaving. */
export type Step = (draft: Draft, around: Surroundings) => Promise<boolean>;
