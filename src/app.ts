import { setTimeout as wait } from 'node:timers/promises';
import { commandsFolder } from './installed.js';
import type { Config } from './config.js';
import { openStores, type Stores } from './db/stores.js';
import { lockInstance } from './db/instance-lock.js';
import { backUp } from './db/backup.js';
import { asAppError } from './db/database-errors.js';
import { asAnswer, bothNotices } from './discord/parts.js';
import { AdminChannelWatch } from './discord/admin-channel-watch.js';
import { Actors, RestMembers } from './discord/actor.js';
import { RestChannels } from './discord/channels.js';
import { commandJson } from './discord/command-data.js';
import { connect, createAnswersRest, createClient, isConnected, type EndReason } from './discord/connection.js';
import { Dispatch } from './discord/dispatch.js';
import { loadCommands } from './discord/load-commands.js';
import { GatewayMemberSearch } from './discord/member-search.js';
import { RestMessenger } from './discord/messenger.js';
import { CommandRoutes } from './discord/routes.js';
import { KeyHolder } from './jellyfin/key-holder.js';
import { createPinFolder } from './jellyfin/pin-folder.js';
import { createJellyfin } from './jellyfin/create-jellyfin.js';
import { createSignInPicture } from './drawing/sign-in-picture.js';
import { createJobs, type JobName, Scheduler } from './jobs/jobs.js';
import { removeHeartbeat, writeHeartbeat } from './app/heartbeat.js';
import type { Overrides } from './app/overrides.js';
import { rescuePorts } from './app/rescue-ports.js';
import { StartRefused } from './app/start-refused.js';
import { StartUp } from './app/start-up.js';
import type { Log } from './services/log.js';
import { loginPageLine } from './commands/login-page/login-page-handlers.js';
import { DiscordLinkMessages } from './commands/links/link-messages.js';
import { DiscordOutageMessages } from './commands/outages/outage-messages.js';
import { DiscordRequestMessages } from './commands/requests/request-messages.js';
import { DiscordLockoutMessages } from './commands/lockouts/lockout-messages.js';
import { DiscordPassMessages } from './commands/passes/pass-messages.js';
import { DiscordPasswordMessages } from './commands/passwords/password-messages.js';
import { DiscordPinMessages } from './commands/pins/pin-messages.js';
import { DiscordRescueMessages } from './commands/rescue/rescue-messages.js';
import { DiscordSignInMessages } from './commands/sign-in/sign-in-messages.js';
import { DiscordStatusCardMessages } from './commands/status-card/status-card-messages.js';
import { commandLine, serverFiles } from './server/server-location.js';
import { Events } from './services/events.js';
import { createServices } from './services/create-services.js';
import type { Services } from './services/create-services.js';
import { createWrittenAbout } from './services/members/member-preferences.js';
import { newTempPassword } from './services/passwords/temp-password.js';
import { createWords, sentencesByMember } from './words.js';

export type { Overrides };

export interface App {
  /** Resolves when the bot is connected and answers. Throws StartRefused with what is wrong and what to do. */
  start(): Promise<void>;
  /** Takes nothing more, finishes what is begun, and closes; gives up waiting after `withinMs`: the next start carries on. */
  stop(withinMs?: number): Promise<void>;
  /** Resolves with a sentence when the bot cannot go on. */
  readonly ended: Promise<string>;
  /** Runs one of the jobs, also one that is switched off, for whoever does not want to wait for the minute or the night. */
  runJob(name: JobName): Promise<void>;
}

const firstLookAtJellyfinMs = 250;

/** Whether something came to its end before the time was up. */
function inTime(work: Promise<unknown>, ms: number): Promise<boolean> {
  return Promise.race([work.then(() => true), wait(ms, false, { ref: false })]);
}

/** Builds adapters, services, dispatch and jobs, and ties them together; nothing is opened before `start`. */
export function createApp(config: Config, log: Log, overrides: Overrides = {}): App {
  const { now = Date.now, retryPausesMs } = overrides;
  const words = createWords(config.locale, overrides);
  const client = createClient(config.discord.apiUrl, config.discord.token.reveal(), overrides.gateway);
  const scheduler = new Scheduler(log, overrides.jobsByHand);
  let dispatch: Dispatch | undefined;
  let services: ReturnType<typeof createServices> | undefined;
  let stores: Stores | undefined;
  let lock: ReturnType<typeof lockInstance> | undefined;
  let stopping: Promise<void> | undefined;
  let adminChannel: AdminChannelWatch | undefined;
  let jellyfinCheck: NodeJS.Timeout | undefined;
  let end: (sentence: string) => void;
  const ended = new Promise<string>((resolve) => (end = resolve));

  const startUp = new StartUp({ config, words, log, rest: client.rest, retryPausesMs });

  async function start(): Promise<void> {
    lock = lockInstance(config.database);
    stores = openStores(config.database, log, now);
    // Loading takes the processor, looking around waits for Discord: both at once.
    const [{ applicationId, botId, findings }, makeCommands] = await Promise.all([
      startUp.lookAround(),
      overrides.commands ?? loadCommands<Services>(commandsFolder),
    ]);
    const { url, apiKey, publicUrl } = config.jellyfin;
    const { serverDir } = serverFiles(config.jellyfin);
    const { guildId } = config.discord;
    const watched = { pins: startUp.lookAtServerDir(), lockouts: config.watchLockouts };
    const writtenAbout = createWrittenAbout(stores.memberPreferences, watched);
    const sentencesFor = sentencesByMember(words, stores.languages);
    const messages = new DiscordRequestMessages({
      ...{ sentencesFor, publicUrl, writtenAbout, passes: stores.passes, discord: config.discord },
    });
    const linkMessages = new DiscordLinkMessages(sentencesFor, writtenAbout, config.discord.adminRoleIds);
    const signInMessages = new DiscordSignInMessages(sentencesFor, config.discord.adminRoleIds);
    const passwordMessages = new DiscordPasswordMessages(sentencesFor, publicUrl);
    const keys = new KeyHolder(apiKey);
    const events = new Events(log);
    const server = createJellyfin({ url, keys, events, log, timeoutMs: overrides.jellyfinTimeoutMs });
    const members = new RestMembers({ rest: client.rest, guildId, roles: config.discord, events });
    services = createServices({
      stores,
      events,
      jellyfin: server.jellyfin,
      quickConnect: server.quickConnect,
      signInRules: server.signInRules,
      loginPage: { branding: server.branding, line: loginPageLine(sentencesFor) },
      refusalLog: server.refusalLog,
      linkMessages,
      signInMessages,
      writtenAbout,
      memberSearch: new GatewayMemberSearch({ client, guildId, log, now, withinMs: overrides.memberSearchMs }),
      proofPollMs: overrides.proofPollMs,
      messenger: new RestMessenger({ rest: client.rest, botId, log, retryPausesMs }),
      members,
      messages,
      asAnswer,
      bothNotices,
      announcementOver: (memberId: string) => messages.announcementOver(memberId),
      passwordMessages,
      passMessages: new DiscordPassMessages(sentencesFor),
      watch: server,
      lockoutMessages: new DiscordLockoutMessages(sentencesFor, config.discord),
      rescue: rescuePorts({
        config: config.jellyfin,
        database: config.database,
        keys,
        messages: new DiscordRescueMessages(
          sentencesFor,
          words.latchkey,
          config.jellyfin.startCommand && commandLine(config.jellyfin.startCommand),
        ),
        overrides,
        log,
      }),
      pins:
        serverDir === undefined
          ? undefined
          : {
              folder: createPinFolder({ serverDir, log, now, pollMs: overrides.pinPollMs }),
              messages: new DiscordPinMessages(sentencesFor),
            },
      picture: createSignInPicture(log),
      outageMessages: new DiscordOutageMessages(sentencesFor),
      statusCards: {
        channels: new RestChannels(client.rest, guildId, log),
        messages: (services) => new DiscordStatusCardMessages(sentencesFor, services),
      },
      config,
      log,
      now,
      newPassword: overrides.newPassword ?? newTempPassword,
    });
    const routes = new CommandRoutes(makeCommands(services.forCommands));
    const commands = routes.commands.map(({ data }) => commandJson(data, words));
    const ids = await startUp.deploy({ rest: client.rest, applicationId, guildId, commands, log });
    words.mentionCommands(ids);
    dispatch = new Dispatch({
      routes,
      actors: new Actors({ client, members, guildId, roles: config.discord, now }),
      words,
      languages: stores.languages,
      audit: stores.audit,
      log,
      answersRest: createAnswersRest(config.discord.apiUrl),
      applicationId,
      retryPausesMs,
      schedule: overrides.schedule,
      events,
      outbox: services.outbox,
      asAppError,
      databaseMadeAt: stores.madeAt,
    });
    adminChannel = new AdminChannelWatch({ client, ...startUp, events, log }, findings);
    adminChannel.start();
    await connectGateway(dispatch);
    log.info({ guild: guildId }, 'connected to Discord: ready');
    if (services.firstCard.isDue) log.info({}, words.forOperators(config.locale)('ended.next'));
    beat();
    const { jellyfin } = services.forCommands;
    // Loading its client takes the processor for a moment: whoever waits in Discord already comes first.
    jellyfinCheck = setTimeout(() => void startUp.checkJellyfin(jellyfin), firstLookAtJellyfinMs);
    void resume(services).catch((err: unknown) =>
      log.error({ err }, 'what was left unfinished could not be carried on'),
    );
    services.pins?.start();
    const { db } = stores;
    scheduler.start(
      createJobs({
        upkeep: () => round().finally(beat),
        backUp: () => backUp(db, new Date(now())),
        history: services.forCommands.history,
        follow: services.linking.follow,
        outages: services.forCommands.outages,
        oldApps: services.forCommands.oldApps,
        lockouts: services.lockouts,
        watchLockouts: config.watchLockouts,
        log,
      }),
    );
    // What happened while the bot was away is told at once; on the first day, from here on is what counts.
    if (config.watchLockouts && !overrides.jobsByHand) void services.lockouts.round();
  }

  /** A rescue's own password is its own to settle, before requests are carried on. */
  async function resume({
    firstCard,
    rescues,
    upkeep,
    passEnds,
    linking,
    outbox,
  }: ReturnType<typeof createServices>): Promise<void> {
    await firstCard.show();
    await rescues.resume();
    await upkeep.resume();
    await passEnds.round();
    await linking.proofs.resume();
    await outbox.round();
  }

  async function connectGateway(to: Dispatch): Promise<void> {
    const onEnd = (reason: EndReason) => end(words.forOperators(config.locale)(`ended.${reason}`));
    const refused = ended.then((sentence) => Promise.reject(new StartRefused([sentence])));
    const { token, guildId } = config.discord;
    const options = { token: token.reveal(), guildId, log, onInteraction: to.handle, onEnd };
    await Promise.race([connect(client, options), refused]);
  }

  async function stop(withinMs = 4000): Promise<void> {
    stopping ??= (async () => {
      clearTimeout(jellyfinCheck);
      const settled = Promise.all([scheduler.stop(), dispatch?.stop(), services?.pins?.stop(), adminChannel?.idle()])
        .then(() => services?.linking.proofs.stop())
        .then(() => services?.rescues.stop())
        .then(() => services?.idle());
      if (!(await inTime(settled, withinMs)))
        log.warn({}, 'stopping before all is finished: the next start carries on');
      // A gateway that does not answer the goodbye would be waited for, for half a minute.
      await inTime(client.destroy(), 500);
      if (lock) removeHeartbeat(config.database);
      stores?.db.close();
      lock?.release();
    })();
    await stopping;
  }

  /** A round that failed is a round, too: it is in the log, and the next one may work. */
  function beat(): void {
    if (!stopping) writeHeartbeat(config.database, { at: now(), isConnected: isConnected(client) });
  }

  /** What time does to everything that waits. */
  async function round(): Promise<void> {
    await services?.pins?.round();
    await services?.upkeep.round();
    await services?.passEnds.round();
    await services?.forCommands.statusCards.round();
    await services?.linking.proofs.round();
    await services?.forCommands.signIns.round();
    await services?.outbox.round();
  }

  return { start, stop, ended, runJob: (name) => scheduler.runNow(name) };
}
