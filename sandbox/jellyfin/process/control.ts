import { fileURLToPath } from 'node:url';
import { startServer, stopServer } from './start-stop.js';

/** What `systemctl start jellyfin` and `stop` are to a real one: `node control.js start|stop <server folder>`. */
const [, , verb, dir = ''] = process.argv;
if (verb === 'start') startServer(dir, fileURLToPath(new URL('./server.js', import.meta.url)));
else if (verb === 'stop') stopServer(dir);
else process.exitCode = 2;
