import type { Server } from 'node:http';
import { WebSocketServer, type WebSocket } from 'ws';
import { INTENT } from './constants.js';
import { GatewaySession } from './gateway-session.js';
import { isObject, type Json, type JsonObject } from './json.js';
import { detailOf, memberChunk } from './member-chunks.js';
import { guildCreate } from './payloads/guild.js';
import { userPayload } from './payloads/user.js';
import type { World } from './state.js';

const ALL_INTENTS = (1 << 26) - 1;

/** The WebSocket end: hello, identify, ready, heartbeats, resume with replay, and the ways in which it can go wrong. */
export class Gateway {
  readonly sessions: GatewaySession[] = [];
  /** How often a bot has identified. */
  identifies = 0;
  /** The privileged intents that were switched on for this application; none, as for a new one. */
  privilegedIntents = 0;
  /** Questions about members (opcode 8) are answered; false: Discord stays silent, as in its bad hours. */
  answersAboutMembers = true;
  private readonly sockets = new WebSocketServer({ noServer: true });
  private refuseWith: number | undefined;

  constructor(
    private readonly world: World,
    server: Server,
    private readonly heartbeatMs: number,
  ) {
    server.on('upgrade', (request, socket, head) => {
      this.sockets.handleUpgrade(request, socket, head, (connection) => this.greet(connection));
    });
  }

  /** Sends an event to every session that asked for its intent, connected or able to resume. */
  dispatch(event: string, data: Json, intent = 0): void {
    for (const session of this.sessions) {
      if (intent === 0 || (session.intents & intent) !== 0) session.dispatch(event, data);
    }
  }

  /** Cuts every connection without a closing word; sessions can be resumed. */
  dropConnections(): void {
    for (const socket of this.sockets.clients) socket.terminate();
  }

  /** Tells the bot to reconnect and resume (opcode 7). */
  sendReconnect(): void {
    for (const session of this.sessions) session.write({ op: 7, d: null });
  }

  /** Tells the bot that its session is over (opcode 9); a session that is not resumable is forgotten. */
  invalidateSession(resumable: boolean): void {
    for (const session of this.sessions) session.write({ op: 9, d: resumable });
    if (!resumable) this.sessions.length = 0;
  }

  /** Closes every connection with a gateway close code. */
  closeWith(code: number, reason = ''): void {
    for (const socket of this.sockets.clients) socket.close(code, reason);
  }

  /** Every identify from now on is answered by closing with this code; undefined ends it. */
  refuseIdentifyWith(code: number | undefined): void {
    this.refuseWith = code;
  }

  close(): void {
    this.dropConnections();
    this.sockets.close();
  }

  private greet(socket: WebSocket): void {
    let session: GatewaySession | undefined;
    socket.on('error', () => socket.terminate());
    socket.on('message', (data) => {
      const payload = parsePayload(String(data));
      if (!payload) return socket.close(4002, 'Error while decoding payload.');
      const detail = detailOf(payload);
      if (payload['op'] === 1) return socket.send(JSON.stringify({ op: 11 }));
      if (payload['op'] === 2 || payload['op'] === 6) {
        if (session) return socket.close(4005, 'Already authenticated.');
        session = payload['op'] === 2 ? this.identify(socket, detail) : this.resume(socket, detail);
        return this.world.changes.announce();
      }
      if (!session) return socket.close(4003, 'Not authenticated.');
      if (payload['op'] === 8) return this.tellMembers(session, detail);
      if (![3, 4, 31].includes(Number(payload['op']))) socket.close(4001, 'Unknown opcode.');
    });
    socket.on('close', (code) => {
      // A bot that says goodbye gives its session up; one that is cut off may come back to it.
      if (session && (code === 1000 || code === 1001)) this.forget(session);
      this.world.changes.announce();
    });
    socket.send(JSON.stringify({ op: 10, s: null, t: null, d: { heartbeat_interval: this.heartbeatMs, _trace: [] } }));
  }

  private tellMembers(session: GatewaySession, detail: JsonObject): void {
    const mayList = (session.intents & INTENT.GuildMembers) !== 0;
    const chunk = this.answersAboutMembers ? memberChunk(this.world, detail, mayList) : undefined;
    if (chunk) session.dispatch('GUILD_MEMBERS_CHUNK', chunk);
  }

  private forget(session: GatewaySession): void {
    const index = this.sessions.indexOf(session);
    if (index >= 0) this.sessions.splice(index, 1);
  }

  private identify(socket: WebSocket, detail: JsonObject): GatewaySession | undefined {
    const intents = Number(detail['intents']);
    const privileged = INTENT.GuildMembers | INTENT.GuildPresences | INTENT.MessageContent;
    const code =
      this.refuseWith ??
      (detail['token'] !== this.world.token
        ? 4004
        : !Number.isInteger(intents) || (intents & ~ALL_INTENTS) !== 0
          ? 4013
          : (intents & privileged & ~this.privilegedIntents) !== 0
            ? 4014
            : undefined);
    if (code !== undefined) {
      socket.close(code, CLOSE_REASONS[code] ?? '');
      return undefined;
    }
    this.identifies += 1;
    const session = new GatewaySession(`session-${this.world.snowflakes.next()}`, intents, socket);
    this.sessions.push(session);
    session.dispatch('READY', this.ready(session));
    for (const guild of this.world.guilds.values()) {
      if (guild.members.has(this.world.botUserId)) session.dispatch('GUILD_CREATE', guildCreate(this.world, guild));
    }
    return session;
  }

  private resume(socket: WebSocket, detail: JsonObject): GatewaySession | undefined {
    if (detail['token'] !== this.world.token) {
      socket.close(4004, CLOSE_REASONS[4004]);
      return undefined;
    }
    const session = this.sessions.find((each) => each.id === detail['session_id']);
    if (!session) {
      socket.send(JSON.stringify({ op: 9, d: false }));
      return undefined;
    }
    const sequence = Number(detail['seq']);
    if (!(sequence <= session.lastSequence)) {
      socket.close(4007, 'Invalid seq.');
      return undefined;
    }
    session.replayAfter(sequence, socket);
    return session;
  }

  private ready(session: GatewaySession): JsonObject {
    const bot = this.world.users.get(this.world.botUserId);
    const guilds = [...this.world.guilds.values()].filter((guild) => guild.members.has(this.world.botUserId));
    return {
      v: 10,
      user: bot ? { ...userPayload(bot), verified: true, mfa_enabled: true, email: null } : null,
      guilds: guilds.map((guild) => ({ id: guild.id, unavailable: true })),
      session_id: session.id,
      session_type: 'normal',
      resume_gateway_url: this.world.url.replace(/^http/, 'ws').replace(/\/api$/, ''),
      shard: [0, 1],
      application: { id: this.world.applicationId, flags: 0 },
      user_settings: {},
      relationships: [],
      private_channels: [],
      presences: [],
      guild_join_requests: [],
      geo_ordered_rtc_regions: [],
      _trace: [],
    };
  }
}

const CLOSE_REASONS: Record<number, string> = {
  4004: 'Authentication failed.',
  4013: 'Invalid intent(s).',
  4014: 'Disallowed intent(s).',
};

function parsePayload(text: string): JsonObject | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return isObject(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}
