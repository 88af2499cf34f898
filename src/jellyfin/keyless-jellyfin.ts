import { setTimeout as wait } from 'node:timers/promises';
import { AppError } from '../errors.js';
import type { KeylessJellyfin } from '../services/rescue/ladder/ports.js';
import { isRecord } from './account-from-user.js';
import { uncertainFailure } from './calls.js';
import { JellyfinServer, means, type ServerOptions } from './jellyfin-server.js';
import { readSignIn, session } from './session.js';

/** How often to look whether the server is back. */
const lookEveryMs = 500;

type KeylessJellyfinOptions = Omit<ServerOptions, 'keys'>;

/** What Jellyfin does without a key, by its official client. Makes no call itself. */
export function createKeylessJellyfin(options: KeylessJellyfinOptions): KeylessJellyfin {
  const server = new JellyfinServer(options);

  return {
    introduction: () => server.introduction(),
    forgotPassword: (name) =>
      server.ask(
        'POST /Users/ForgotPassword',
        ({ authentication }, options) =>
          authentication.forgotPassword({ forgotPasswordDto: { EnteredUsername: name } }, options),
        (data) => {
          if (!isRecord(data) || typeof data.Action !== 'string') return undefined;
          return {
            action: data.Action,
            pinFile: typeof data.PinFile === 'string' ? data.PinFile || undefined : undefined,
          };
        },
      ),
    redeemPin: (pin) =>
      server.write(
        'POST /Users/ForgotPassword/Pin',
        ({ authentication }, options) =>
          authentication.forgotPasswordPin({ forgotPasswordPinDto: { Pin: pin } }, options),
        // 500: another file beside it cannot be read (docs/jellyfin.md, "PINs").
        means({ 404: 'pinRefused', 500: 'pinRefused' }),
      ),
    signIn: async (name, password) => {
      const body = { Username: name, Pw: password };
      const found = await server.ask(
        // A client of its own, as the official client keeps the token it gets.
        'POST /Users/AuthenticateByName',
        (sdk, options) =>
          sdk.as(undefined).authentication.authenticateUserByName({ authenticateUserByName: body }, options),
        readSignIn,
        means({ 401: 'signInRefused', 403: 'signInForbidden' }),
      );
      return session(server, found);
    },
    restart: async () => {
      try {
        await server.write(
          'POST /System/Restart',
          ({ system }, options) => system.restartApplication(options),
          means({ 401: 'restartRefused', 403: 'restartRefused' }),
        );
      } catch (error) {
        // A server that stops at once may not send its answer.
        if (!uncertainFailure(error)) throw error;
      }
    },
    back: async (withinMs) => {
      const deadline = performance.now() + withinMs;
      for (;;) {
        try {
          return await server.introduction();
        } catch (error) {
          if (!isOnItsWay(error) || performance.now() > deadline) throw error;
        }
        await wait(lookEveryMs);
      }
    },
  };
}

/** A start that failed is not waited for: that server does not come back by itself. */
const onItsWay = ['jellyfinUnreachable', 'jellyfinStarting', 'jellyfinTimeout', 'jellyfinBroken', 'jellyfinNotSetUp'];
const isOnItsWay = (error: unknown) => error instanceof AppError && onItsWay.includes(error.code);
