import { applicationRoutes } from './applications.js';
import { channelRoutes } from './channels.js';
import { commandRoutes } from './commands.js';
import { gatewayRoutes } from './gateway.js';
import { guildRoutes } from './guilds.js';
import { interactionRoutes } from './interactions.js';
import { messageRoutes } from './messages.js';
import { userRoutes } from './users.js';
import { webhookRoutes } from './webhooks.js';

/** Every route of the loopback Discord. */
export const ROUTES = [
  ...interactionRoutes,
  ...webhookRoutes,
  ...messageRoutes,
  ...channelRoutes,
  ...userRoutes,
  ...guildRoutes,
  ...commandRoutes,
  ...applicationRoutes,
  ...gatewayRoutes,
];
