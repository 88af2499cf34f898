export { rootPassword, startJellyfin, type Jellyfin } from './jellyfin.js';
export type { JellyfinOptions } from './options.js';
export type { RecordedCall } from './calls.js';
export type { ProxyFace, StartingFace } from './faces.js';
export type { Fault, Hold, Match } from './faults.js';
export type { NewAccount } from './people.js';
export type { UserAnswer } from './http/user-answer.js';
export type { Policy, PolicySchedule } from './rules/policy-fields.js';
