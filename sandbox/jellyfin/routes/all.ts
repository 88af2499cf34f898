import type { Route } from '../http/router.js';
import type { Traits } from '../versions.js';
import { activityRoutes } from './activity.js';
import { brandingRoutes } from './branding.js';
import { forgotPasswordRoutes } from './forgot-password.js';
import { keyRoutes } from './keys.js';
import { maintenanceRoutes, storageRoute } from './maintenance.js';
import { passwordRoutes } from './passwords.js';
import { policyRoutes } from './policy.js';
import { quickConnectRoutes } from './quick-connect.js';
import { signInRoutes } from './sign-in.js';
import { startupRoutes } from './startup.js';
import { systemRoutes } from './system.js';
import { userRoutes } from './users.js';

/** Every route of a version. Fixed paths stand before those with an id, which would match them as well. */
export function routesOf(traits: Traits): readonly Route[] {
  return [
    ...signInRoutes,
    ...passwordRoutes,
    ...forgotPasswordRoutes,
    ...policyRoutes,
    ...userRoutes,
    ...keyRoutes,
    ...quickConnectRoutes,
    ...activityRoutes,
    ...startupRoutes,
    ...systemRoutes,
    ...brandingRoutes,
    ...maintenanceRoutes,
    ...(traits.is1010 ? [] : [storageRoute]),
  ];
}
