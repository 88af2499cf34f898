import { type Client, Events } from 'discord.js';
import type { Events as ServiceEvents } from '../services/events.js';
import type { Log } from '../services/log.js';
import { type Finding, preflight, type PreflightOptions } from './preflight.js';

interface AdminChannelWatchDeps {
  readonly client: Client;
  readonly lookedAt: PreflightOptions;
  readonly events: Pick<ServiceEvents, 'emit'>;
  readonly log: Log;
  /** A finding as a sentence that says what to do. */
  readonly sentence: (finding: Finding) => string;
}

/**
 * Looks again at the admin channel and the roles when somebody changes or deletes them while the bot runs, as well as after
 * the connection was lost; the log says once what is wrong and what to do.
 */
export class AdminChannelWatch {
  #said: readonly string[];
  #looking: Promise<void> | undefined;
  #isToLookAgain = false;

  /** `found`: at the start, and said already. */
  constructor(
    private readonly deps: AdminChannelWatchDeps,
    found: readonly Finding[],
  ) {
    this.#said = found.map(deps.sentence);
  }

  start(): void {
    const { client, lookedAt } = this.deps;
    const { guildId, adminChannelId } = lookedAt;
    const look = ({ id }: { readonly id: string }) => {
      if (id === guildId) this.#look();
    };
    client.on(Events.ChannelDelete, ({ id }) => {
      if (id !== adminChannelId) return;
      // Whoever asks in the next moment is told so: nobody waits for the look.
      this.deps.events.emit('adminChannelRead', { isClosed: true, goneRoleIds: [] });
      this.#look();
    });
    client.on(Events.ChannelUpdate, (_, { id }) => {
      if (id === adminChannelId) this.#look();
    });
    client.on(Events.GuildRoleDelete, ({ guild }) => look(guild));
    client.on(Events.GuildRoleUpdate, (_, { guild }) => look(guild));
    client.on(Events.GuildMemberUpdate, (_, { id, guild }) => {
      if (id === client.user?.id) look(guild);
    });
    client.on(Events.GuildAvailable, look);
  }

  /** Resolves when nothing is being looked at. */
  async idle(): Promise<void> {
    await this.#looking;
  }

  /** One look at a time; what changes meanwhile is looked at after it. */
  #look(): void {
    this.#isToLookAgain = true;
    this.#looking ??= this.#lookOn().finally(() => (this.#looking = undefined));
  }

  async #lookOn(): Promise<void> {
    const { lookedAt, events, log, sentence } = this.deps;
    try {
      while (this.#isToLookAgain) {
        this.#isToLookAgain = false;
        const { findings, adminChannel } = await preflight(lookedAt);
        if (adminChannel) events.emit('adminChannelRead', adminChannel);
        const found = findings.map(sentence);
        for (const each of found.filter((one) => !this.#said.includes(one))) log.error({}, each);
        if (found.length === 0 && this.#said.length > 0)
          log.info({}, 'the admin channel and the roles are in order again');
        this.#said = found;
      }
    } catch (err) {
      log.warn({ err }, 'the admin channel was changed, and Discord does not show it');
    }
  }
}
