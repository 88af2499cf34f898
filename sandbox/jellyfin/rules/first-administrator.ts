import { administrator, type ServerUser } from '../store/server-user.js';
import type { World } from '../world.js';

const contentDeletion = 10;
const remoteControlOfOthers = 18;

/** The administrator that a new server makes by itself, called `root` here as on a server that root started. */
export function firstAdministrator(world: World): ServerUser {
  const known = world.users.all()[0];
  if (known) return known;
  const user = world.users.add('root');
  for (const kind of [administrator, contentDeletion, remoteControlOfOthers]) user.permissions[kind] = true;
  world.users.savePolicy(user);
  return user;
}
