/** The loopback Discord: everything that tests, the demo and the bench may use. */
export { startDiscord } from './start-discord.js';
export type { Discord } from './discord.js';
export type { Person } from './person/person.js';
export type { Exchange } from './person/exchange.js';
export type { SeenMessage } from './person/seen-message.js';
export type { ActiveFault, CallMatch } from './faults.js';
export type { RecordedRequest } from './request-log.js';
export type { JsonObject } from './json.js';
export type { PermissionName } from './constants.js';
