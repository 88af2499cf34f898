import { type KeptMessages as Kept, KeptMessages } from '../../src/services/notices/kept-message.js';
import type { Edited, MessageRef, Messenger } from '../../src/services/notices/messenger-port.js';

/** A Discord of a few lines: what was sent and edited, in its order, and what an edit or a sending comes to. */
export function fakeMessenger() {
  const did: string[] = [];
  const answers = {
    edited: 'edited' as Edited,
    isOpen: true,
    found: undefined as MessageRef | undefined,
    closed: [] as string[],
  };
  let sent = 0;
  const messenger: Messenger = {
    openDm: (memberId) =>
      Promise.resolve(answers.isOpen && !answers.closed.includes(`dm ${memberId}`) ? `dm ${memberId}` : undefined),
    send: (channelId, message) => {
      if (!answers.isOpen || answers.closed.includes(channelId)) return Promise.resolve(undefined);
      sent += 1;
      did.push(`sent ${sent} to ${channelId}: ${JSON.stringify(message)}`);
      return Promise.resolve({ channelId, messageId: `${sent}` });
    },
    edit: (at, message) => {
      did.push(`edited ${at.messageId}: ${JSON.stringify(message)}`);
      return Promise.resolve(answers.edited);
    },
    read: () => Promise.resolve(undefined),
    findOwn: () => Promise.resolve(answers.found && { at: answers.found, buttons: [] }),
  };
  const troubles: string[] = [];
  const adminChannel = { id: 'admins', sent: (isSent: boolean) => !isSent && troubles.length === 0 };
  const log = {
    info: () => undefined,
    warn: () => undefined,
    error: (_: object, text: string) => void troubles.push(text),
  };
  const kept: Kept = new KeptMessages(messenger, adminChannel as never, log);
  /** What was done since it was asked last. */
  const since = () => did.splice(0);
  return { messenger, kept, answers, since, troubles, log };
}
