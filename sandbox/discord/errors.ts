import type { JsonObject } from './json.js';

/** An answer with which Discord refuses a request: an HTTP status, and a JSON code with its text. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: number;

  constructor(
    [status, code, message]: readonly [status: number, code: number, message: string],
    readonly details?: JsonObject,
  ) {
    super(message);
    this.status = status;
    this.code = code;
  }

  /** The JSON body, as Discord documents it. */
  body(): JsonObject {
    return { message: this.message, code: this.code, ...(this.details ? { errors: this.details } : {}) };
  }
}

const KNOWN = {
  unauthorized: [401, 0, '401: Unauthorized'],
  notFound: [404, 0, '404: Not Found'],
  methodNotAllowed: [405, 0, '405: Method Not Allowed'],
  unknownApplication: [404, 10002, 'Unknown Application'],
  unknownChannel: [404, 10003, 'Unknown Channel'],
  unknownGuild: [404, 10004, 'Unknown Guild'],
  unknownMember: [404, 10007, 'Unknown Member'],
  unknownMessage: [404, 10008, 'Unknown Message'],
  unknownRole: [404, 10011, 'Unknown Role'],
  unknownUser: [404, 10013, 'Unknown User'],
  unknownWebhook: [404, 10015, 'Unknown Webhook'],
  unknownInteraction: [404, 10062, 'Unknown interaction'],
  unknownCommand: [404, 10063, 'Unknown application command'],
  tooManyPins: [400, 30003, 'Maximum number of pins reached for the channel (50)'],
  alreadyAcknowledged: [400, 40060, 'Interaction has already been acknowledged.'],
  missingAccess: [403, 50001, 'Missing Access'],
  notInDirectMessages: [403, 50003, 'Cannot execute action on a DM channel'],
  foreignMessage: [403, 50005, 'Cannot edit a message authored by another user'],
  emptyMessage: [400, 50006, 'Cannot send an empty message'],
  cannotReach: [403, 50007, 'Cannot send messages to this user'],
  cannotSendHere: [400, 50008, 'Cannot send messages in a non-text channel'],
  missingPermissions: [403, 50013, 'Missing Permissions'],
  expiredToken: [401, 50027, 'Invalid Webhook Token'],
  noSharedServer: [403, 50278, 'Cannot send messages to this user'],
  notJson: [400, 50109, 'The request body contains invalid JSON.'],
} as const satisfies Record<string, readonly [number, number, string]>;

/**
 * The refusal of too many edits to old messages. Discord sends it with status 429, as a rate limit that says when to come back;
 * other programs that speak for Discord send 400.
 */
export function tooManyOldEdits(status: 400 | 429): ApiError {
  return new ApiError([
    status,
    30046,
    'Maximum number of edits to messages older than 1 hour reached. Try again later',
  ]);
}

/** One of Discord's documented refusals, by name. */
export function refuse(name: keyof typeof KNOWN): ApiError {
  return new ApiError(KNOWN[name]);
}
