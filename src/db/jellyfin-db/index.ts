/** All SQL on Jellyfin's own database. Used by the repair's process only, and only when the server is known to be stopped. */
export { isAlike, isDisabledByAdmin } from './accounts.js';
export { assertWanted, changeAccount } from './change-account.js';
export { checkCopy, findInCopy } from './check-copy.js';
export { digestOf, hashPassword, isPasswordOf } from './hashes.js';
export { RepairRefusal } from './refusal.js';
export { isHalfWritten } from './side-files.js';
