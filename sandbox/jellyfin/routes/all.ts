import { keyRoutes } from './keys.js';
import { passwordRoutes } from './passwords.js';
import { policyRoutes } from './policy.js';
import { signInRoutes } from './sign-in.js';
import { systemRoutes } from './system.js';
import { userRoutes } from './users.js';

/** Every route of the server. Fixed paths stand before those with an id, which would match them as well. */
export const routes = [
  ...signInRoutes,
  ...passwordRoutes,
  ...policyRoutes,
  ...userRoutes,
  ...keyRoutes,
  ...systemRoutes,
];
