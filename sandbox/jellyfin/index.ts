export { rootPassword, startJellyfin, type Jellyfin } from './jellyfin.js';
export type { NewAccount } from './people.js';
export type { UserAnswer } from './http/user-answer.js';
