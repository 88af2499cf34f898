import { hashPassword } from '../store/password-hash.js';
import { administrator, isOwnProvider, may, type ServerUser } from '../store/server-user.js';
import type { World } from '../world.js';

/**
 * Sets a password; an empty one makes an account that opens without. False where an administrator would get none. Says
 * that it did, and does nothing, where another provider checks the password and is missing (recordings `q-provider-…`).
 */
export function changePassword(world: World, user: ServerUser, password: string): boolean {
  if (may(user, administrator) && password.trim() === '') return false;
  if (isOwnProvider(user.authenticationProviderId))
    user.passwordHash = password === '' ? null : hashPassword(password, world.hashIterations);
  world.users.save(user);
  world.activity.add('UserPasswordChanged', `Password has been changed for user ${user.name}`, user.id);
  return true;
}
