/** The loopback Discord: everything that tests, the demo and the bench may use. */
export { startDiscord, type DiscordOptions } from './start-discord.js';
export type { Discord, PersonOptions } from './discord.js';
export type { OverwriteOptions } from './household.js';
export type { Person } from './person/person.js';
export type { Notification, ChannelName } from './person/onlooker.js';
export type { Exchange } from './person/exchange.js';
export type { SeenButton, SeenMessage } from './person/seen-message.js';
export type { ActiveFault, CallMatch, Fault, Hold } from './faults.js';
export type { RecordedRequest } from './request-log.js';
export type { Interaction, OpenModal } from './interaction.js';
export type { Json, JsonObject } from './json.js';
export type { PermissionName } from './constants.js';
