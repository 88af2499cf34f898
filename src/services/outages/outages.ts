import { type ErrorCode, type Params, troubleOf } from '../../errors.js';
import { isRecent, minuteMs } from '../../time.js';
import { KeyedMutex } from '../../keyed-mutex.js';
import type { ServerInfo } from '../accounts/jellyfin-port.js';
import { calmly } from '../log.js';
import type { NoticeDeps } from '../notices/create-notices.js';
import { messageKey } from '../notices/kept-message.js';
import type { Message, MessageRef } from '../notices/messenger-port.js';

/** A server that is restarted is back by then. */
const patienceMs = 3 * minuteMs;
/** Trouble that comes back so soon is the same, on the same card. */
const sameTroubleMs = 15 * minuteMs;

/** A time in which Jellyfin did not answer as it should. Times are milliseconds since 1970. */
export interface Outage {
  readonly id: number;
  /** What was the matter when it was last looked at, and what fills its sentence. */
  readonly code: ErrorCode;
  readonly params: Params;
  readonly begunAt: number;
  readonly seenAt: number;
  readonly endedAt: number | undefined;
  /** What the card shows. */
  readonly drawn: string | undefined;
  readonly card: MessageRef | undefined;
}

export interface OutageStore {
  last(): Outage | undefined;
  begin(code: ErrorCode, params: Params, at: number): Outage;
  /** It is still, or again, so. */
  seen(id: number, code: ErrorCode, params: Params, at: number): Outage | undefined;
  ended(id: number, at: number): Outage | undefined;
  shown(id: number, card: MessageRef | undefined, drawn: string): void;
  remove(id: number): void;
}

export interface OutageMessages {
  /** The card in the admin channel: since when, and what to look at; or from when to when it was. */
  card(outage: Outage): Message;
  /** Told once in the admin channel: apps that are too old are refused. */
  oldApps(): Message;
}

/** The button that stands on an outage's card, and on no other message. */
export const lookAgainId = (id: number) => `status:look:${id}`;

export interface OutagePorts {
  readonly stores: { readonly outages: OutageStore };
  readonly outageMessages: OutageMessages;
}

/** Follows whether Jellyfin answers and takes the key, on one silent card in the admin channel that is edited. */
export class Outages {
  readonly #lock = new KeyedMutex<'round'>();

  constructor(private readonly deps: OutagePorts & NoticeDeps) {}

  /** Once a minute. Never throws. */
  round(): Promise<void> {
    const message = 'whether Jellyfin answers could not be told yet';
    return this.#lock.run('round', () => calmly(this.deps.log, {}, message, () => this.#round()));
  }

  /** For whoever wants to know now: the server as it introduces itself. Throws a Jellyfin code. */
  async look(): Promise<ServerInfo> {
    try {
      return await this.deps.jellyfin.serverInfo();
    } finally {
      void this.round();
    }
  }

  async #round(): Promise<void> {
    const { jellyfin, stores, now } = this.deps;
    const trouble = await troubleOf(jellyfin.serverInfo());
    const at = now();
    const last = stores.outages.last();
    if (trouble) {
      const { code, params } = trouble;
      const stands = last?.endedAt === undefined && last?.drawn !== undefined;
      const isSame = last && (stands || isRecent(last.endedAt ?? last.seenAt, at, sameTroubleMs));
      // One that was over before anybody was told, and which a stopped bot did not see the end of.
      if (last && !isSame && !last.drawn) stores.outages.remove(last.id);
      const current = isSame ? stores.outages.seen(last.id, code, params, at) : stores.outages.begin(code, params, at);
      if (current && (current.card || at - current.begunAt >= patienceMs)) await this.#show(current);
    } else if (last?.endedAt === undefined && last && !last.drawn) stores.outages.remove(last.id);
    else if (last) await this.#show(last.endedAt === undefined ? (stores.outages.ended(last.id, at) ?? last) : last);
  }

  async #show(outage: Outage): Promise<void> {
    const { stores, outageMessages, kept, adminChannel } = this.deps;
    const { id, code, params, begunAt, endedAt } = outage;
    const drawn = [code, params['kind'] ?? '', begunAt, endedAt ?? ''].join(' ');
    if (drawn === outage.drawn) return;
    const { state, at } = await kept.put({
      policy: endedAt === undefined ? 'outageCard' : 'endedOutageCard',
      at: outage.card,
      channelId: adminChannel.id,
      key: messageKey('outageCard', { id, since: begunAt }),
      findBy: [lookAgainId(id)],
      message: outageMessages.card(outage),
    });
    if (state === 'shown') stores.outages.shown(id, at, drawn);
  }
}
