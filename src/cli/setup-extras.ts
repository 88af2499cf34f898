import { botPicture } from '../drawing/bot-picture.js';
import { loginPageLine } from '../commands/login-page/login-page-handlers.js';
import { signInHelp } from '../commands/status-card/status-card-messages.js';
import { RestMessenger } from '../discord/messenger.js';
import type { Stores } from '../db/stores.js';
import { AppError } from '../errors.js';
import { LoginPage } from '../services/login-page/login-page.js';
import type { Log } from '../services/log.js';
import { SignInHelp } from '../services/status-card/sign-in-help.js';
import type { Draft, Surroundings } from '../setup/draft.js';
import { jellyfinSide } from '../setup/jellyfin-side.js';
import { whyNot } from '../setup/steps/jellyfin.js';
import type { Translate } from '../words.js';

export interface PuttingUp {
  readonly key: string;
  /** Opens the bot's database for what is noted there. Throws Refusal. */
  readonly withStores: (use: (stores: Stores) => Promise<void>) => Promise<void>;
  readonly log: Log;
  /** The household's language. */
  readonly household: Translate;
}

/**
 * What a set-up does in Discord and Jellyfin once the settings are written: the bot's profile, what was wished besides, a
 * greeting. Each by itself: what fails is said, and can be done later.
 */
export async function putUp(draft: Draft, { ui, t }: Surroundings, { key, withStores, log, household }: PuttingUp) {
  const { discord, application, server, extras, channelId, cardChannel } = draft;
  const actor = { id: draft.owner?.id ?? 'command line' };
  const calmly = async (what: 'profile' | 'picture' | 'loginLine' | 'card' | 'hello', act: () => Promise<unknown>) => {
    try {
      await act();
    } catch (error) {
      ui.warn(
        t(`setup.failed.${what}`, { why: error instanceof AppError ? whyNot(t, error) : (error as Error).message }),
      );
    }
  };
  await calmly('profile', () => discord.setProfile(household('setup.description')));
  if (extras.includes('picture'))
    await calmly('picture', async () => {
      await discord.setPicture(await botPicture());
      ui.good(t('setup.extras.done.picture'));
    });
  if (cardChannel)
    await calmly('card', () =>
      withStores(async ({ audit }) => {
        const messenger = new RestMessenger({ rest: discord.rest, botId: application.botId, log });
        const messages = { signInHelp: () => signInHelp(household) };
        await new SignInHelp({ messenger, audit, messages, now: Date.now }).post(actor, cardChannel.id);
        ui.good(t('setup.extras.done.card', { name: cardChannel.name }));
      }),
    );
  if (extras.includes('loginLine'))
    await calmly('loginLine', () =>
      withStores(async (stores) => {
        const { branding } = jellyfinSide(draft.jellyfin.url).withKey(key);
        const loginPage = new LoginPage({
          stores,
          loginPage: { branding, line: loginPageLine(() => household) },
        });
        // Whoever reads it on a phone gets to the card at once.
        const link = cardChannel ? `https://discord.com/channels/${server.id}/${cardChannel.id}` : '';
        ui.good(t('setup.extras.done.loginLine', { line: await loginPage.put(actor, link) }));
      }),
    );
  await calmly('hello', () => discord.post(channelId, household('setup.hello')));
}
