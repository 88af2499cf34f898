import { createServer } from 'node:net';

/** Below the ports that systems give to who asks for any (Linux from 32768, others from 49152). */
const lowest = 20_000;
const processes = 100;
const portsOfProcess = 120;

let next = Math.floor(Math.random() * portsOfProcess);

/**
 * A port of this machine that nobody listens at, and nobody is given later who asks for any port: "the server is down" is
 * true until the test itself starts one there. Each process has ports of its own, since tests run side by side.
 */
export async function freePort(): Promise<number> {
  for (let tried = 0; tried < portsOfProcess; tried += 1) {
    const port = lowest + (process.pid % processes) * portsOfProcess + (next++ % portsOfProcess);
    if (await isFree(port)) return port;
  }
  throw new Error(`all ${portsOfProcess} ports that this process may take are taken`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((found) => {
    const server = createServer()
      .once('error', () => found(false))
      .listen(port, '127.0.0.1', () => server.close(() => found(true)));
  });
}
